// A source within the process, for trying out and for tests: numbers records like Kafka does, keeps the newest for a
// replay, hands them on in order. Not Kafka: nothing survives the process.
import type { Upstream } from '@tidewatch/schemas/upstream';
import type { Clock } from '../clock.ts';
import { type Source, SourceError, type SourceHandlers, type SourceRecord } from './source.ts';

/** Records held before start, for the replay. */
export const HELD_MAX = 100_000;

export function createEmbeddedSource({ clock, replayMs }: { clock: Clock; replayMs: number }): Source {
  const offsets = new Map<string, number>();
  const held: SourceRecord[] = [];
  const since = clock.now();
  let handlers: SourceHandlers | null = null;
  let isStopped = false;
  let records = 0;
  /** Records of one turn go on together, as a fetch brings them. */
  let waiting: SourceRecord[] = [];

  const live = (): Upstream => ({ state: 'live', since });
  const flush = () => {
    const batch = waiting;
    waiting = [];
    if (batch.length > 0) handlers?.onRecords(batch);
  };

  return {
    async start(given) {
      handlers = given;
      for (const kafkaTopic of offsets.keys()) given.onStatus(kafkaTopic, live());
      const oldest = clock.now() - replayMs;
      const replayed = held.splice(0).filter((record) => record.timestamp >= oldest);
      if (replayed.length > 0) given.onRecords(replayed.map((record) => ({ ...record, arrival: record.timestamp })));
    },
    async produce(kafkaTopic, value, timestamp) {
      if (isStopped) throw new SourceError('stopped', 'The source has stopped.');
      const now = clock.now();
      const offset = offsets.get(kafkaTopic) ?? 0;
      offsets.set(kafkaTopic, offset + 1);
      if (offset === 0) handlers?.onStatus(kafkaTopic, live());
      records += 1;
      // What is over a moment old was emitted before: it arrived when it was stamped, as in a replay.
      const stamped = timestamp ?? now;
      const arrival = now - stamped > 1_000 ? stamped : now;
      const place = { kafkaTopic, partition: 0, offset: String(offset) };
      const record = { ...place, timestamp: stamped, arrival, key: null, headers: undefined, value };
      if (handlers === null) {
        held.push(record);
        if (held.length > HELD_MAX) held.shift();
        return;
      }
      if (waiting.push(record) === 1) queueMicrotask(flush);
    },
    upstream: () => (handlers === null ? { state: 'starting', since } : live()),
    unroutable: () => [],
    stats: () => ({ records_total: records, kafka_topics: offsets.size }),
    async stop() {
      flush();
      isStopped = true;
      handlers = null;
    },
  };
}
