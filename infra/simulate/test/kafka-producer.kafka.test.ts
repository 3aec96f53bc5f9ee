import kafkajs from 'kafkajs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Broker, startBroker } from '../../kafka/broker.ts';
import { createKafkaEmitter, QUEUE_MAX_RECORDS } from '../kafka-producer.ts';
import type { ShopRecord } from '../shop.ts';

let broker: Broker;
beforeAll(async () => {
  broker = await startBroker();
});
afterAll(() => broker.stop());

const record = (n: number): ShopRecord => ({
  topic: 'a.b',
  emitter: 'one',
  value: `{"n":${n}}`,
  time: 1_700_000_000_000 + n,
});
const range = (from: number, to: number): ShopRecord[] => Array.from({ length: to - from }, (_, i) => record(from + i));

test('what is sent while Kafka is away arrives in order when it is back, and a missing Kafka topic is made', async () => {
  const lines: string[] = [];
  const emitter = createKafkaEmitter({ brokers: [broker.brokers], log: (line) => lines.push(line) });
  emitter.send(range(0, 100));
  await until(() => emitter.stats().sent === 100);
  await broker.kill();
  emitter.send(range(100, 250));
  await until(() => lines.some((line) => line.includes('does not answer')));
  await broker.restart();
  await until(() => emitter.stats().sent === 250);
  await emitter.stop();
  expect(emitter.stats()).toEqual({ sent: 250, waiting: 0, dropped: 0 });
  expect(lines.at(-1)).toBe('Kafka is back.');
  const values = await consume('metrics.a.b', 250);
  // One may be there twice, when Kafka took it and died before it said so.
  expect([...new Set(values)]).toEqual(range(0, 250).map(({ value }) => value));
}, 60_000);

test('a Kafka that stays away costs the oldest records beyond the cap, and they are counted', async () => {
  const emitter = createKafkaEmitter({ brokers: ['127.0.0.1:1'], log: () => {} });
  emitter.send(range(0, QUEUE_MAX_RECORDS));
  emitter.send(range(0, 700));
  await until(() => emitter.stats().dropped === 700);
  await emitter.stop(0);
  expect(emitter.stats().sent).toBe(0);
});

async function consume(topic: string, count: number): Promise<string[]> {
  const kafka = new kafkajs.Kafka({ brokers: [broker.brokers], logLevel: kafkajs.logLevel.NOTHING });
  const consumer = kafka.consumer({ groupId: `test-${Math.random()}` });
  const values: string[] = [];
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  await consumer.run({ eachMessage: async ({ message }) => void values.push(String(message.value)) });
  await until(() => new Set(values).size >= count);
  await consumer.disconnect();
  return values;
}

async function until(isTrue: () => boolean): Promise<void> {
  for (const end = Date.now() + 30_000; !isTrue(); ) {
    if (Date.now() > end) throw new Error('waited in vain');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
