// Kafka behind `Source`. Reads every Kafka topic that matches, from the replay window on; picks up new ones while it runs;
// notices by itself when the broker is gone, because kafkajs does not say; comes back with nothing lost and nothing twice.
//
//   starting --read--> replaying --caught up--> live <--> behind;  any --no answer--> unreachable --answers--> before
import { setTimeout as sleep } from 'node:timers/promises';
import type { Upstream } from '@tidewatch/schemas/upstream';
import type { Admin, Producer } from 'kafkajs';
import kafkajs from 'kafkajs';
import type { Logger } from 'pino';
import type { Clock, Timer } from '../clock.ts';
import { createKafkaClient, type KafkaSasl, type KafkaTls } from './kafka-client.ts';
import { createKafkaPositions, isSameState } from './kafka-positions.ts';
import { createKafkaReader, type ReadBatch, type Reader } from './kafka-reader.ts';
import type { Route } from './route.ts';
import { type Source, SourceError, type SourceHandlers, type SourceRecord } from './source.ts';

/** Kafka topics are listed this often: how soon a new one is read. */
const LIST_EVERY_MS = 2_000;
const LOOK_EVERY_MS = 500;
/** No answer to a fetch for this long: the broker is gone. Fetches answer ten times a second. */
export const SILENT_MAX_MS = 3_000;
/** The broker lists topics again but the reader fetches nothing for this long: a new reader is faster than waiting. */
const REVIVE_AFTER_MS = 2_000;
/** A reader that has not fetched by then hangs. The first join on a new broker takes 2 s. */
const JOIN_MAX_MS = 8_000;
const PRODUCE_MAX_MS = 5_000;
/** A reader that has joined and is handed nothing has nothing left to replay. */
const QUIET_MS = 3_000;

export interface KafkaSourceOptions {
  readonly clock: Clock;
  readonly log: Logger;
  readonly route: Route;
  readonly brokers: readonly string[];
  readonly replayMs: number;
  readonly tls: KafkaTls | null;
  readonly sasl: KafkaSasl | null;
}

export function createKafkaSource(options: KafkaSourceOptions): Source {
  const { clock, log, route, replayMs } = options;
  const kafka = createKafkaClient(options);
  const impatient = { retry: { retries: 0 } };
  const positions = createKafkaPositions();
  const statuses = new Map<string, Upstream>();
  const replayed = Promise.withResolvers<void>();
  const startedAt = clock.now();
  const timers: Timer[] = [];
  let admin: Admin | null = null;
  let producer: Promise<Producer> | null = null;
  let handlers: SourceHandlers | null = null;
  let reader: Reader | null = null;
  let isStopped = false;
  let isListing = false;
  /** Monotonic ms of the last answer to a fetch, to a listing, of the last batch, of the newest reader's start and of its first fetch. */
  const heard = {
    fetch: Number.NEGATIVE_INFINITY,
    list: Number.NEGATIVE_INFINITY,
    batch: 0,
    reader: 0,
    firstFetch: Number.POSITIVE_INFINITY,
  };
  let overall: Upstream = { state: 'starting', since: startedAt };
  const counts = { records: 0, dropped: 0, readers: 0, outages: 0 };

  const isHeard = (): boolean => {
    const now = clock.monotonic();
    // A reader that is joining fetches nothing yet; until it does, the listing speaks for the broker.
    const isJoining = heard.firstFetch === Number.POSITIVE_INFINITY && now - heard.reader < JOIN_MAX_MS;
    const isReading = [...positions.topics()].length > 0 && !isJoining;
    return now - (isReading ? heard.fetch : heard.list) < SILENT_MAX_MS;
  };

  function onBatch({ kafkaTopic, partition, messages, highWatermark, next }: ReadBatch): void {
    const position = positions.of(kafkaTopic, partition);
    if (handlers === null || position === undefined) return;
    const now = clock.now();
    const records: SourceRecord[] = [];
    for (const message of messages) {
      const offset = Number(message.offset);
      if (offset < position.next) {
        counts.dropped += 1;
        continue;
      }
      const timestamp = Number(message.timestamp);
      // Of what was there before this reader, the record's own time is when it could first have arrived.
      const isCaughtUp = offset < position.target && timestamp > 0;
      const arrival = isCaughtUp ? Math.min(now, timestamp) : now;
      const { key, value, headers } = message;
      records.push({ kafkaTopic, partition, offset: message.offset, timestamp, arrival, key, headers, value });
      position.newestTime = timestamp;
    }
    position.next = Math.max(position.next, next);
    position.high = Math.max(highWatermark, position.next);
    heard.batch = clock.monotonic();
    counts.records += records.length;
    if (records.length > 0) handlers.onRecords(records);
  }

  /** A new reader over these Kafka topics; those known go on where they stand. */
  async function read(kafkaTopics: readonly string[]): Promise<void> {
    if (admin === null || kafkaTopics.length === 0) return;
    const starts: { kafkaTopic: string; partition: number; offset: number }[] = [];
    for (const kafkaTopic of kafkaTopics) {
      const [ends, begins] = await Promise.all([
        admin.fetchTopicOffsets(kafkaTopic),
        admin.fetchTopicOffsetsByTimestamp(kafkaTopic, clock.now() - replayMs),
      ]);
      for (const { partition, high, low } of ends) {
        const known = positions.of(kafkaTopic, partition);
        const begin = Number(begins.find((one) => one.partition === partition)?.offset ?? high);
        // What Kafka has deleted meanwhile cannot be read; what was handled is not read again.
        const offset = Math.max(known?.next ?? begin, Number(low));
        const end = Number(high);
        starts.push({ kafkaTopic, partition, offset });
        const newestTime = known?.newestTime ?? clock.now();
        positions.set(kafkaTopic, partition, { next: offset, target: end, high: end, newestTime });
      }
    }
    const before = reader;
    heard.firstFetch = Number.POSITIVE_INFINITY;
    const onFetch = () => {
      if (reader !== next) return;
      heard.fetch = clock.monotonic();
      heard.firstFetch = Math.min(heard.firstFetch, heard.fetch);
    };
    const next = createKafkaReader({
      kafka,
      kafkaTopics,
      starts,
      onBatch: (batch) => reader === next && onBatch(batch),
      onFetch,
    });
    reader = next;
    heard.reader = clock.monotonic();
    heard.batch = heard.reader;
    counts.readers += 1;
    next.running.catch((error: unknown) => log.warn({ err: error }, 'reading from Kafka did not start; trying again'));
    void before?.stop();
  }

  /** Lists Kafka topics: what is new is read, what went is forgotten, a reader that hangs is replaced. */
  async function list(): Promise<void> {
    if (isListing || isStopped) return;
    isListing = true;
    try {
      if (admin === null) {
        const next = kafka.admin(impatient);
        await next.connect();
        admin = next;
      }
      const all = await admin.listTopics();
      if (isStopped) return;
      const matching = all.filter((name) => route.topicOf(name) !== null).sort();
      const known = new Set(positions.topics());
      for (const gone of [...known].filter((name) => !matching.includes(name))) {
        positions.forget(gone);
        statuses.delete(gone);
        handlers?.onGone?.(gone);
      }
      const wasSilent = clock.monotonic() - heard.list > SILENT_MAX_MS;
      heard.list = clock.monotonic();
      const isNew = matching.some((name) => !known.has(name));
      const sinceReader = clock.monotonic() - heard.reader;
      const doesHang = reader !== null && sinceReader > REVIVE_AFTER_MS + SILENT_MAX_MS && !isHeard();
      if (isNew || doesHang || (wasSilent && reader !== null && !isHeard())) await read(matching);
      if (matching.length === 0) replayed.resolve();
    } catch (error) {
      log.debug({ err: error }, 'Kafka did not answer');
      const broken = admin;
      admin = null;
      void broken?.disconnect().catch(() => {});
    } finally {
      isListing = false;
    }
  }

  /** Says what changed: of each Kafka topic, and of Kafka as a whole. */
  function look(): void {
    const now = clock.now();
    const isReachable = isHeard();
    const everHeard = heard.list !== Number.NEGATIVE_INFINITY;
    const without = (): Upstream =>
      everHeard || now - startedAt > SILENT_MAX_MS
        ? { state: 'unreachable', since: now }
        : { state: 'starting', since: now };
    if (isReachable && clock.monotonic() - Math.max(heard.batch, heard.firstFetch) > QUIET_MS) settle();
    for (const kafkaTopic of positions.topics()) {
      tell(kafkaTopic, isReachable ? { ...positions.standing(kafkaTopic, now), since: now } : without());
    }
    const isAllReplayed = [...positions.topics()].every((kafkaTopic) => positions.isReplayed(kafkaTopic));
    if (isReachable && isAllReplayed && reader !== null) replayed.resolve();
    const next: Upstream = !isReachable
      ? without()
      : isAllReplayed
        ? { state: 'live', since: now }
        : { state: 'replaying', since: now };
    if (isSameState(overall, next)) return;
    if (next.state === 'unreachable') {
      counts.outages += 1;
      log.warn({ brokers: options.brokers }, 'Kafka does not answer: what is shown is marked until it does');
    } else if (overall.state === 'unreachable') log.info({}, 'Kafka answers again');
    overall = next;
  }

  /** Nothing comes although the broker answers: the ends that were waited for hold no records (transaction marks). */
  function settle(): void {
    for (const kafkaTopic of positions.topics()) {
      for (const position of positions.partitions(kafkaTopic).values()) {
        position.target = Math.min(position.target, position.next);
        position.high = position.next;
      }
    }
  }

  function tell(kafkaTopic: string, next: Upstream): void {
    const before = statuses.get(kafkaTopic);
    if (before !== undefined && isSameState(before, next)) return;
    const since = before?.state === next.state ? before.since : next.since;
    const status = { ...next, since };
    statuses.set(kafkaTopic, status);
    handlers?.onStatus(kafkaTopic, status);
  }

  async function connectProducer(): Promise<Producer> {
    const made = kafka.producer({ allowAutoTopicCreation: true, retry: { retries: 2, maxRetryTime: 500 } });
    await made.connect();
    return made;
  }

  return {
    async start(given) {
      handlers = given;
      timers.push(
        clock.every(LIST_EVERY_MS, () => void list()),
        clock.every(LOOK_EVERY_MS, look),
      );
      await list();
      await replayed.promise;
    },
    async produce(kafkaTopic, value, timestamp) {
      if (isStopped) throw new SourceError('stopped', 'The gateway is stopping.');
      if (overall.state === 'unreachable') throw new SourceError('unreachable', 'Kafka does not answer.');
      producer ??= connectProducer();
      const at = timestamp === undefined ? {} : { timestamp: String(Math.floor(timestamp)) };
      const send = async () => {
        const ready = await producer;
        await ready?.send({ topic: kafkaTopic, acks: -1, messages: [{ value: Buffer.from(value), ...at }] });
      };
      const late = sleep(PRODUCE_MAX_MS).then(() => {
        throw new SourceError('unreachable', 'Kafka did not confirm the record in time.');
      });
      try {
        await Promise.race([send(), late]);
      } catch (error) {
        producer = null;
        if (error instanceof SourceError) throw error;
        const isRefusal = error instanceof kafkajs.KafkaJSProtocolError;
        throw new SourceError(
          isRefusal ? 'refused' : 'unreachable',
          error instanceof Error ? error.message : String(error),
          { cause: error },
        );
      } finally {
        late.catch(() => {});
      }
    },
    upstream: () => overall,
    unroutable: () => route.unroutable(),
    stats: () => ({
      records_total: counts.records,
      dropped_repeats_total: counts.dropped,
      readers_total: counts.readers,
      outages_total: counts.outages,
      kafka_topics: statuses.size,
    }),
    async stop() {
      isStopped = true;
      for (const timer of timers) timer.stop();
      replayed.resolve();
      const ending = [reader?.stop(), admin?.disconnect(), producer?.then((made) => made.disconnect())];
      await Promise.race([Promise.allSettled(ending), sleep(3_000, undefined, { ref: false })]);
    },
  };
}
