// Where rejects are kept with the reason: the newest of each Kafka topic, with where they stood and the beginning of
// what they were. Bounded a Kafka topic and in all; what is no longer kept is still counted.
import type { RejectRow } from '@tidewatch/schemas/api-rejects';
import type { Decoded } from './read-record.ts';
import type { QuarantinedReject } from './reject.ts';
import { createRejectQueue, type RejectQueue } from './reject-queue.ts';
import type { SourceRecord } from './source.ts';

/** Kept of one record, bytes. */
export const REJECT_BYTES_MAX = 2_048;
/** Kafka topics with rejects; the rejects of further ones are only counted. */
export const QUARANTINED_TOPICS_MAX = 500;

export interface Quarantine {
  put(topic: string, record: SourceRecord, decoded: Pick<Decoded, 'rejects' | 'rejectedCount'>): void;
  /** Newest first, of one topic or of all; `total` counts also what is no longer kept. */
  read(topic: string | null, limit: number): { rejects: readonly RejectRow[]; total: number };
  stats(): Readonly<Record<string, number>>;
}

export function createQuarantine(): Quarantine {
  const queues = new Map<string, RejectQueue>();
  let total = 0;
  const queueOf = (kafkaTopic: string, topic: string): RejectQueue | undefined => {
    const known = queues.get(kafkaTopic);
    if (known !== undefined || queues.size >= QUARANTINED_TOPICS_MAX) return known;
    const queue = createRejectQueue(topic);
    queues.set(kafkaTopic, queue);
    return queue;
  };
  return {
    put(topic, record, { rejects, rejectedCount }) {
      total += rejectedCount;
      const { kafkaTopic, partition, offset, timestamp: time, arrival, value } = record;
      const queue = queueOf(kafkaTopic, topic);
      // A copy: the record's bytes may be a view of a buffer that is used again.
      const bytes = new Uint8Array(value?.subarray(0, REJECT_BYTES_MAX) ?? []);
      const place = { kafkaTopic, topic, partition, offset, time, arrival, bytes, sizeBytes: value?.byteLength ?? 0 };
      for (const reject of rejects) queue?.push({ ...reject, ...place });
      queue?.note(rejectedCount, arrival);
    },
    read(topic, limit) {
      const wanted = [...queues.values()].filter((queue) => topic === null || queue.topic === topic);
      const newest = wanted.flatMap((queue) => queue.newestFirst()).sort((a, b) => b.arrival - a.arrival);
      const count = wanted.reduce((sum, queue) => sum + queue.count().total, 0);
      return { rejects: newest.slice(0, limit).map(rowOf), total: topic === null ? total : count };
    },
    stats: () => ({
      rejects_total: total,
      quarantine_bytes: [...queues.values()].reduce((sum, queue) => sum + queue.bytes(), 0),
    }),
  };
}

function rowOf({
  topic,
  kafkaTopic,
  partition,
  offset,
  index,
  arrival,
  field,
  reason,
  bytes,
  sizeBytes,
}: QuarantinedReject): RejectRow {
  const text = new TextDecoder().decode(bytes);
  return { topic, kafkaTopic, partition, offset, index, at: arrival, field, reason, text, sizeBytes };
}
