// Kafka behind `Source`. Reads every Kafka topic that matches, from the replay window on; picks up new ones and new
// partitions while it runs; notices by itself when the broker is gone; comes back with nothing lost and nothing twice.
//
//   starting --read--> replaying --caught up--> live <--> behind;  any --no answer--> unreachable --answers--> before
import { setTimeout as sleep } from 'node:timers/promises';
import type { Upstream } from '@tidewatch/schemas/upstream';
import type { Admin } from 'kafkajs';
import type { Logger } from 'pino';
import type { Clock, Timer } from '../clock.ts';
import { createKafkaClient, IMPATIENT, type KafkaSasl, type KafkaTls, PATIENT } from './kafka-client.ts';
import { createKafkaHearing, SILENT_MAX_MS } from './kafka-hearing.ts';
import { createKafkaPositions, isSameState } from './kafka-positions.ts';
import { createKafkaProducer } from './kafka-producer.ts';
import { createKafkaReader, type ReadBatch, type Reader } from './kafka-reader.ts';
import { findStarts } from './kafka-starts.ts';
import type { Route } from './route.ts';
import { type Source, SourceError, type SourceHandlers, type SourceRecord } from './source.ts';

/** Kafka topics are listed this often: how soon a new one is read. */
const LIST_EVERY_MS = 2_000;
const LOOK_EVERY_MS = 500;
/** Listings in a row that a Kafka topic must be missing from before it counts as gone. */
const GONE_AFTER_LISTINGS = 3;
const STOP_MAX_MS = 3_000;

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
  const kafka = createKafkaClient(options, PATIENT);
  const asking = createKafkaClient(options, IMPATIENT);
  const positions = createKafkaPositions();
  const hearing = createKafkaHearing(clock);
  const producer = createKafkaProducer(asking);
  const statuses = new Map<string, Upstream>();
  const missing = new Map<string, number>();
  const replayed = Promise.withResolvers<void>();
  const startedAt = clock.now();
  const timers: Timer[] = [];
  let admin: Admin | null = null;
  let handlers: SourceHandlers | null = null;
  let reader: Reader | null = null;
  let readTopics: readonly string[] = [];
  let isStopped = false;
  let isListing = false;
  let overall: Upstream = { state: 'starting', since: startedAt };
  const counts = { records: 0, dropped: 0, readers: 0, outages: 0 };

  const isReading = () => !positions.topics()[Symbol.iterator]().next().done;

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
    if (position.next >= position.high) position.laggingSince = null;
    hearing.batchCame();
    counts.records += records.length;
    if (records.length > 0) handlers.onRecords(records);
  }

  /** A new reader over these Kafka topics; those known go on where they stand. */
  async function read(by: Admin, kafkaTopics: readonly string[]): Promise<void> {
    const now = clock.now();
    const isCatchingUp = reader === null || !hearing.isHeard(true);
    // The old one stops here: whatever it still has in hand is read again from where it stands.
    if (reader !== null) void end(reader);
    reader = null;
    readTopics = kafkaTopics;
    if (kafkaTopics.length === 0) return;
    const where = { kafkaTopics, positions, windowBegin: now - replayMs, now, isCatchingUp };
    const starts = await findStarts({ admin: by, ...where });
    if (isStopped) return;
    const next = createKafkaReader({
      ...{ kafka, kafkaTopics, starts },
      positionOf: (kafkaTopic, partition) => positions.of(kafkaTopic, partition)?.next,
      onBatch: (batch) => reader === next && onBatch(batch),
      onFetch: () => reader === next && hearing.fetched(),
    });
    reader = next;
    hearing.readerBegan();
    counts.readers += 1;
    next.running.catch((error: unknown) => log.warn({ err: error }, 'reading from Kafka did not start; trying again'));
  }

  /** Leaves the group and deletes it: nothing of this gateway stays behind in Kafka. */
  async function end({ groupId, stop }: Reader): Promise<void> {
    await stop();
    await admin?.deleteGroups([groupId]).catch(() => {});
  }

  async function connectedAdmin(): Promise<Admin> {
    if (admin !== null) return admin;
    const made = asking.admin();
    await made.connect();
    admin = made;
    return made;
  }

  async function list(): Promise<void> {
    if (isListing || isStopped) return;
    isListing = true;
    try {
      // A connection that remembers a deleted Kafka topic, or a dead broker, fails once; a new one may not.
      if (!(await isListed()) && !isStopped) await isListed();
    } finally {
      isListing = false;
    }
  }

  async function isListed(): Promise<boolean> {
    try {
      await compare(await connectedAdmin());
      return true;
    } catch (error) {
      log.debug({ err: error }, 'Kafka did not answer');
      const broken = admin;
      admin = null;
      void broken?.disconnect().catch(() => {});
      return broken === null;
    }
  }

  /** Holds what Kafka has against what is read: new ones are read, lost ones forgotten, a reader that hangs is replaced. */
  async function compare(by: Admin): Promise<void> {
    const { topics } = await by.fetchTopicMetadata();
    if (isStopped) return;
    const matching = topics.filter(({ name }) => route.topicOf(name) !== null);
    const names = matching.map(({ name }) => name).sort();
    forget(new Set(names));
    const wasSilent = hearing.isListingSilent();
    hearing.listed();
    const isOther = names.join() !== readTopics.join();
    const isNew = matching.some(({ name, partitions }) =>
      partitions.some(({ partitionId }) => positions.of(name, partitionId) === undefined),
    );
    const isLost = names.length > 0 && (reader === null || hearing.doesReaderHang());
    const isBack = wasSilent && reader !== null && !hearing.isHeard(true);
    if (isNew || isOther || isLost || isBack) await read(by, names);
    if (names.length === 0) replayed.resolve();
  }

  function forget(listed: ReadonlySet<string>): void {
    for (const kafkaTopic of [...positions.topics()]) {
      const times = listed.has(kafkaTopic) ? 0 : (missing.get(kafkaTopic) ?? 0) + 1;
      missing.set(kafkaTopic, times);
      if (times < GONE_AFTER_LISTINGS) continue;
      missing.delete(kafkaTopic);
      positions.forget(kafkaTopic);
      statuses.delete(kafkaTopic);
      handlers?.onGone?.(kafkaTopic);
    }
  }

  /** Says what changed: of each Kafka topic, and of Kafka as a whole. */
  function look(): void {
    hearing.beat(LOOK_EVERY_MS);
    const now = clock.now();
    const isHeard = hearing.isHeard(isReading());
    const isAway = hearing.wasEverListed() || now - startedAt > SILENT_MAX_MS;
    const unheard: Upstream = { state: isAway ? 'unreachable' : 'starting', since: now };
    if (isHeard && reader !== null && hearing.isQuiet()) positions.settle();
    let isAllReplayed = true;
    for (const kafkaTopic of positions.topics()) {
      tell(kafkaTopic, isHeard ? { ...positions.standing(kafkaTopic, now), since: now } : unheard);
      isAllReplayed &&= positions.isReplayed(kafkaTopic);
    }
    if (isHeard && isAllReplayed && reader !== null) replayed.resolve();
    const next: Upstream = isHeard ? { state: isAllReplayed ? 'live' : 'replaying', since: now } : unheard;
    if (isSameState(overall, next)) return;
    if (next.state === 'unreachable') {
      counts.outages += 1;
      log.warn({ brokers: options.brokers }, 'Kafka does not answer: what is shown is marked until it does');
    } else if (overall.state === 'unreachable') log.info({}, 'Kafka answers again');
    overall = next;
  }

  function tell(kafkaTopic: string, next: Upstream): void {
    const before = statuses.get(kafkaTopic);
    if (before !== undefined && isSameState(before, next)) return;
    const since = before?.state === next.state ? before.since : next.since;
    const status = { ...next, since };
    statuses.set(kafkaTopic, status);
    handlers?.onStatus(kafkaTopic, status);
  }

  return {
    async start(given) {
      handlers = given;
      timers.push(
        clock.every(LIST_EVERY_MS, () => void list()),
        clock.every(LOOK_EVERY_MS, look),
      );
      void list();
      await replayed.promise;
    },
    async produce(kafkaTopic, value, timestamp) {
      if (isStopped) throw new SourceError('stopped', 'The gateway is stopping.');
      if (overall.state === 'unreachable') throw new SourceError('unreachable', 'Kafka does not answer.');
      await producer.send(kafkaTopic, value, timestamp);
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
      const last = reader;
      reader = null;
      const ending = async () => {
        await Promise.allSettled([last === null ? null : end(last), producer.stop()]);
        await admin?.disconnect();
      };
      await Promise.race([ending().catch(() => {}), sleep(STOP_MAX_MS, undefined, { ref: false })]);
    },
  };
}
