// Puts records on Kafka for the simulator, as a service with a careful client would: tries for ever, never blocks whoever
// measures, and when Kafka is away too long drops the oldest and says how many. Kafka topics are made when missing.
import kafkajs, { type Admin, type Kafka, type Producer } from 'kafkajs';
import type { ShopRecord } from './shop.ts';

/** Two minutes of a busy shop; beyond it the oldest records are dropped. */
export const QUEUE_MAX_RECORDS = 20_000;
const BATCH_MAX_RECORDS = 500;
const RETRY_MS = 500;
const KAFKA_TOPIC_PREFIX = 'metrics.';

export interface KafkaEmitter {
  send(records: ShopRecord[]): void;
  stats(): { sent: number; waiting: number; dropped: number };
  /** Sends what is waiting, if Kafka takes it within `graceMs`. */
  stop(graceMs?: number): Promise<void>;
}

export function createKafkaEmitter({ brokers, log }: { brokers: string[]; log(line: string): void }): KafkaEmitter {
  const kafka: Kafka = new kafkajs.Kafka({
    brokers,
    clientId: 'simulated-shop',
    logLevel: kafkajs.logLevel.NOTHING,
    connectionTimeout: 2000,
    requestTimeout: 5000,
    retry: { retries: 2, initialRetryTime: 100, maxRetryTime: 500 },
  });
  const admin: Admin = kafka.admin();
  const producer: Producer = kafka.producer({ allowAutoTopicCreation: false });
  const known = new Set<string>();
  const queue: ShopRecord[] = [];
  const stats = { sent: 0, dropped: 0 };
  let isAway = false;
  let isConnected = false;
  let isStopping = false;
  let wake: (() => void) | null = null;

  const work = loop();

  async function loop(): Promise<void> {
    while (!isStopping || queue.length > 0) {
      if (queue.length === 0) await new Promise<void>((resolve) => (wake = resolve));
      const batch = queue.splice(0, BATCH_MAX_RECORDS);
      if (batch.length === 0) continue;
      try {
        await deliver(batch);
        stats.sent += batch.length;
        if (isAway) log('Kafka is back.');
        isAway = false;
      } catch (error) {
        queue.unshift(...batch);
        dropOldest();
        if (!isAway) log(`Kafka does not answer (${error instanceof Error ? error.message : error}); trying on.`);
        isAway = true;
        if (isStopping) return;
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    }
  }

  function dropOldest(): void {
    const over = queue.length - QUEUE_MAX_RECORDS;
    if (over <= 0) return;
    queue.splice(0, over);
    stats.dropped += over;
  }

  async function deliver(batch: ShopRecord[]): Promise<void> {
    if (!isConnected) {
      await producer.connect();
      isConnected = true;
    }
    const byTopic = Map.groupBy(batch, ({ topic }) => KAFKA_TOPIC_PREFIX + topic);
    await makeMissing([...byTopic.keys()]);
    await producer.sendBatch({
      acks: 1,
      compression: kafkajs.CompressionTypes.GZIP,
      topicMessages: [...byTopic].map(([topic, records]) => ({
        topic,
        messages: records.map(({ emitter, value, time }) => ({ key: emitter, value, timestamp: String(time) })),
      })),
    });
  }

  async function makeMissing(topics: string[]): Promise<void> {
    const missing = topics.filter((topic) => !known.has(topic));
    if (missing.length === 0) return;
    await admin.connect();
    const there = new Set(await admin.listTopics());
    const fresh = missing.filter((topic) => !there.has(topic)).map((topic) => ({ topic, numPartitions: 1 }));
    if (fresh.length > 0) await admin.createTopics({ topics: fresh, waitForLeaders: true });
    await admin.disconnect();
    for (const topic of missing) known.add(topic);
  }

  return {
    send(records) {
      queue.push(...records);
      dropOldest();
      wake?.();
    },
    stats: () => ({ ...stats, waiting: queue.length }),
    async stop(graceMs = 2000) {
      isStopping = true;
      wake?.();
      await Promise.race([work, new Promise((resolve) => setTimeout(resolve, graceMs).unref())]);
      await Promise.allSettled([producer.disconnect(), admin.disconnect()]);
    },
  };
}
