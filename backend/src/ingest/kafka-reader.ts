// One run of a consumer over a fixed set of Kafka topics, from given positions. A group of its own with a random name: no
// dead member is waited for, and a new run need not wait for the old one. Auto-commits, because a member that is expelled
// and comes back with nothing committed would resume at the end.
import { randomUUID } from 'node:crypto';
import { setImmediate as breathe } from 'node:timers/promises';
import type { Consumer, EachBatchPayload, Kafka, KafkaMessage } from 'kafkajs';
import { PATIENT } from './kafka-client.ts';
import type { KafkaStart } from './kafka-starts.ts';

const SESSION_MS = 10_000;
const HEARTBEAT_MS = 1_000;
const COMMIT_MS = 1_000;
/** How long the broker may wait for something to send, ms: what bounds the delay of a quiet topic is the first byte. */
const WAIT_MAX_MS = 100;
/** Records handed on in one turn; between turns the beat and the sockets have theirs. */
const TURN_RECORDS = 500;

export interface ReaderOptions {
  readonly kafka: Kafka;
  readonly kafkaTopics: readonly string[];
  /** Where to begin in every partition. */
  readonly starts: readonly KafkaStart[];
  /** Where a partition stands now: a member that was expelled and comes back goes on there. */
  readonly positionOf: (kafkaTopic: string, partition: number) => number | undefined;
  readonly onBatch: (batch: ReadBatch) => void;
  /** The broker answered a fetch, with or without records. */
  readonly onFetch: () => void;
}

export interface ReadBatch {
  readonly kafkaTopic: string;
  readonly partition: number;
  readonly messages: readonly KafkaMessage[];
  readonly highWatermark: number;
  /** Offset after the batch, also where its end held no records. */
  readonly next: number;
}

export interface Reader {
  readonly groupId: string;
  /** Resolves when it is running. */
  readonly running: Promise<void>;
  /** Ends at once as far as `onBatch` goes; leaves the group in the background. */
  stop(): Promise<void>;
}

export function createKafkaReader(options: ReaderOptions): Reader {
  const { kafka, kafkaTopics, starts, positionOf, onBatch, onFetch } = options;
  const groupId = `tidewatch-${randomUUID()}`;
  const consumer: Consumer = kafka.consumer({
    groupId,
    sessionTimeout: SESSION_MS,
    heartbeatInterval: HEARTBEAT_MS,
    maxWaitTimeInMs: WAIT_MAX_MS,
    allowAutoTopicCreation: false,
    retry: { ...PATIENT, restartOnFailure: async () => true },
  });
  let isStopped = false;

  const handle = async ({ batch, resolveOffset, heartbeat, isRunning }: EachBatchPayload): Promise<void> => {
    const { topic: kafkaTopic, partition, messages } = batch;
    const highWatermark = Number(batch.highWatermark);
    for (let at = 0; at < messages.length; at += TURN_RECORDS) {
      if (isStopped || !isRunning()) return;
      const turn = messages.slice(at, at + TURN_RECORDS);
      const last = turn[turn.length - 1];
      const isEnd = at + TURN_RECORDS >= messages.length;
      const next = Number(isEnd ? batch.lastOffset() : last?.offset) + 1;
      onBatch({ kafkaTopic, partition, messages: turn, highWatermark, next });
      resolveOffset(String(next - 1));
      if (!isEnd) {
        await heartbeat();
        await breathe();
      }
    }
  };

  const run = async (): Promise<void> => {
    consumer.on(consumer.events.FETCH, () => {
      if (!isStopped) onFetch();
    });
    let isRunning = false;
    consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
      if (isStopped || !isRunning) return;
      for (const [topic, partitions] of Object.entries(payload.memberAssignment)) {
        for (const partition of partitions) {
          const offset = positionOf(topic, partition);
          if (offset !== undefined) consumer.seek({ topic, partition, offset: String(offset) });
        }
      }
    });
    await consumer.connect();
    await consumer.subscribe({ topics: [...kafkaTopics], fromBeginning: false });
    await consumer.run({
      autoCommit: true,
      autoCommitInterval: COMMIT_MS,
      eachBatchAutoResolve: false,
      eachBatch: handle,
    });
    for (const { kafkaTopic, partition, offset } of starts) {
      consumer.seek({ topic: kafkaTopic, partition, offset: String(offset) });
    }
    isRunning = true;
  };

  return {
    groupId,
    running: run(),
    async stop() {
      isStopped = true;
      try {
        await consumer.disconnect();
      } catch {
        // A broker that is away keeps its group a while longer; it expires by itself.
      }
    },
  };
}
