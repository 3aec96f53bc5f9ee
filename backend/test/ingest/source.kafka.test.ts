// The Kafka source against the promises of every source, then what only Kafka can show: codecs, TLS and sign-in, a broker that dies.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import kafkajs, { type Admin } from 'kafkajs';
import pino from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Broker } from '../../../infra/kafka/broker.ts';
import { startTestBrokers, type TestBrokers } from '../../../infra/kafka/test-brokers.ts';
import { systemClock } from '../../src/clock.ts';
import { registerKafkaCodecs } from '../../src/ingest/kafka-codecs.ts';
import { createKafkaSource, type KafkaSourceOptions } from '../../src/ingest/kafka-source.ts';
import { createRoute } from '../../src/ingest/route.ts';
import type { Source } from '../../src/ingest/source.ts';
import { describeSource, listen, ownPrefix, REPLAY_MS, text, until } from './source-suite.ts';

const log = pino({ level: 'silent' });

let kafka: TestBrokers;
let brokers: string[];
beforeAll(async () => {
  kafka = await startTestBrokers({ security: { username: 'tide', password: 'watch-1' } });
  brokers = kafka.brokers;
}, 120_000);
afterAll(async () => {
  await kafka.stop();
});

function kafkaSource(prefix: string, over: Partial<KafkaSourceOptions> = {}): Source {
  const route = createRoute({ prefix });
  return createKafkaSource({
    ...{ clock: systemClock, log, route, brokers, replayMs: REPLAY_MS, tls: null, sasl: null },
    ...over,
  });
}

const client = () =>
  new kafkajs.Kafka({
    brokers,
    logLevel: kafkajs.logLevel.NOTHING,
    retry: { retries: 100, maxRetryTime: 500 },
  });

async function withAdmin<T>(work: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = client().admin();
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.disconnect();
  }
}

async function createTopics(...topics: string[]): Promise<void> {
  const wanted = topics.map((topic) => ({ topic, numPartitions: 2 }));
  await withAdmin((admin) => admin.createTopics({ topics: wanted, waitForLeaders: true }));
}

describeSource('Kafka', (prefix) => kafkaSource(prefix));

describe('the Kafka source', () => {
  test('reads a new Kafka topic that matches while it runs, and leaves others alone', async () => {
    const prefix = ownPrefix();
    await createTopics(`${prefix}first`);
    const heard = listen(kafkaSource(prefix));
    await heard.ready;
    await createTopics(`${prefix}second`, `${prefix}not a topic`.replaceAll(' ', '..'), `other-${prefix}x`);
    const producer = client().producer();
    await producer.connect();
    for (const topic of [`${prefix}first`, `${prefix}second`, `other-${prefix}x`]) {
      await producer.send({ topic, messages: [{ value: `to ${topic}` }] });
    }
    await until('both', () => heard.records.length >= 2);
    await sleep(500);
    expect(heard.records.map(({ value }) => value).sort()).toEqual([`to ${prefix}first`, `to ${prefix}second`]);
    expect(heard.source.unroutable()).toEqual([`${prefix}not..a..topic`]);
    await producer.disconnect();
    await heard.source.stop();
  });

  test.each(['None', 'GZIP', 'Snappy', 'LZ4', 'ZSTD'] as const)('reads records compressed with %s', async (name) => {
    registerKafkaCodecs();
    const prefix = ownPrefix();
    await createTopics(`${prefix}packed`);
    const producer = client().producer();
    await producer.connect();
    const value = JSON.stringify({ metric: 'm', value: 1, description: 'again and '.repeat(40) });
    const messages = Array.from({ length: 20 }, () => ({ value }));
    await producer.send({ topic: `${prefix}packed`, compression: kafkajs.CompressionTypes[name], messages });
    const heard = listen(kafkaSource(prefix));
    await heard.ready;
    expect(heard.records.map((record) => record.value)).toEqual(messages.map((message) => message.value));
    await producer.disconnect();
    await heard.source.stop();
  });
});

describe('the Kafka source, on a broker that is ours', () => {
  let broker: Broker;
  beforeEach(({ skip }) => {
    if (kafka.own === null) return skip('NEEDS A BROKER OF ITS OWN, THAT IS JAVA 17 AND MAVEN');
    broker = kafka.own;
    brokers = [broker.brokers];
  });
  afterEach(() => {
    brokers = kafka.brokers;
  });

  test.each([
    ['TLS alone', 'tls', null],
    ['a client certificate', 'mutualTls', null],
    ['SASL plain', 'sasl', 'plain'],
    ['SASL plain over TLS', 'saslTls', 'plain'],
    ['SCRAM-SHA-256 over TLS', 'saslTls', 'scram-sha-256'],
    ['SCRAM-SHA-512', 'sasl', 'scram-sha-512'],
  ] as const)('signs in with %s', async (_name, listener, mechanism) => {
    const prefix = ownPrefix();
    await createTopics(`${prefix}safe`);
    const { secured } = broker;
    if (secured === null) throw new Error('the broker has no secured listeners');
    const heard = listen(kafkaSource(prefix, connection(secured, listener, mechanism)));
    await heard.ready;
    await heard.source.produce(`${prefix}safe`, text('behind a lock'));
    await until('the record', () => heard.records.length === 1);
    await heard.source.stop();
  });

  test('says unreachable within 5 s of a dead broker, is live within 20 s of its start, loses and doubles nothing', async () => {
    const prefix = ownPrefix();
    await createTopics(`${prefix}a`);
    const heard = listen(kafkaSource(prefix));
    await heard.ready;
    const producer = client().producer();
    await producer.connect();
    let sent = 0;
    let isSending = true;
    const sending = (async () => {
      while (isSending) {
        await producer.send({ topic: `${prefix}a`, acks: -1, messages: [{ key: 'one', value: `${sent}` }] });
        sent += 1;
        await sleep(40);
      }
    })();
    await until('records', () => heard.records.length > 20);
    await broker.kill();
    const killedAt = Date.now();
    const state = () => heard.statuses.findLast(({ kafkaTopic }) => kafkaTopic === `${prefix}a`)?.upstream.state;
    await until('unreachable', () => state() === 'unreachable', 5_000);
    const toldAfter = Date.now() - killedAt;
    await sleep(20_000 - toldAfter);
    await broker.restart();
    const restartedAt = Date.now();
    await until('live again', () => state() === 'live', 20_000);
    const liveAfter = Date.now() - restartedAt;
    await sleep(2_000);
    isSending = false;
    await sending;
    await until('all of them', () => new Set(heard.records.map(({ value }) => value)).size >= sent, 20_000);
    const values = heard.records.map(({ value }) => Number(value));
    // The producer may send one twice when an answer is lost; the gateway may not make two of one offset.
    const offsets = heard.records.map(({ offset }) => offset);
    expect(new Set(values)).toEqual(new Set(Array.from({ length: sent }, (_, at) => at)));
    expect(new Set(offsets).size).toBe(offsets.length);
    expect(toldAfter).toBeLessThan(5_000);
    expect(liveAfter).toBeLessThan(20_000);
    await producer.disconnect();
    await heard.source.stop();
  }, 90_000);
});

describe('the Kafka source, on a bad day', () => {
  test('a member that stood still until it was expelled loses nothing', async () => {
    const prefix = ownPrefix();
    await createTopics(`${prefix}a`);
    const heard = listen(kafkaSource(prefix));
    await heard.ready;
    // Another process goes on sending while this one stands still.
    const count = 300;
    const script = `
      import kafkajs from 'kafkajs';
      const kafka = new kafkajs.Kafka({ brokers: ${JSON.stringify(brokers)}, logLevel: 0 });
      const producer = kafka.producer();
      await producer.connect();
      for (let at = 0; at < ${count}; at++) {
        await producer.send({ topic: '${prefix}a', messages: [{ key: String(at % 7), value: String(at) }] });
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      await producer.disconnect();`;
    const sender = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: 'ignore' });
    const sent = new Promise((resolve) => sender.once('exit', resolve));
    await until('records', () => heard.records.length > 5);
    // Longer than the session timeout of 10 s.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 13_000);
    await sent;
    await until('all of them', () => heard.records.length >= count, 20_000);
    await sleep(500);
    const values = heard.records.map(({ value }) => Number(value)).sort((a, b) => a - b);
    expect(values).toEqual(Array.from({ length: count }, (_, at) => at));
    // Our own standing still is no silence of the broker.
    expect(heard.statuses.map(({ upstream }) => upstream.state)).not.toContain('unreachable');
    await heard.source.stop();
  }, 60_000);

  test('reads partitions that a Kafka topic gets while it runs', async () => {
    const prefix = ownPrefix();
    await createTopics(`${prefix}a`);
    const heard = listen(kafkaSource(prefix));
    await heard.ready;
    await withAdmin((admin) => admin.createPartitions({ topicPartitions: [{ topic: `${prefix}a`, count: 4 }] }));
    const producer = client().producer();
    await producer.connect();
    const messages = [0, 1, 2, 3].map((partition) => ({ partition, value: `in ${partition}` }));
    await producer.send({ topic: `${prefix}a`, messages });
    // The producer may know of the new partitions only at its second try.
    const distinct = () => [...new Set(heard.records.map(({ value }) => value))].sort();
    await until('all four', () => distinct().length >= 4);
    expect(distinct()).toEqual(messages.map(({ value }) => value));
    await producer.disconnect();
    await heard.source.stop();
  });

  test('a Kafka topic that is deleted and made again is read from its new beginning', async () => {
    const prefix = ownPrefix();
    const topic = `${prefix}a`;
    await createTopics(topic, `${prefix}b`);
    const heard = listen(kafkaSource(prefix));
    await heard.ready;
    for (const value of ['1', '2', '3']) await heard.source.produce(topic, text(value));
    await until('three', () => heard.records.length === 3);
    await withAdmin((admin) => admin.deleteTopics({ topics: [topic] }));
    await until('gone', () => heard.gone.includes(topic), 20_000);
    expect(heard.statuses.map(({ upstream }) => upstream.state)).not.toContain('unreachable');
    await createTopics(topic);
    await heard.source.produce(topic, text('after'));
    await until('the new one', () => heard.records.some(({ value }) => value === 'after'));
    // Its neighbour was read all along.
    await heard.source.produce(`${prefix}b`, text('beside'));
    await until('the neighbour', () => heard.records.some(({ value }) => value === 'beside'));
    await heard.source.stop();
  }, 60_000);

  test('leaves no consumer group behind', async () => {
    const prefix = ownPrefix();
    await createTopics(`${prefix}a`);
    const groups = () => withAdmin(async (admin) => (await admin.listGroups()).groups.map(({ groupId }) => groupId));
    const before = new Set(await groups());
    const heard = listen(kafkaSource(prefix));
    await heard.ready;
    expect((await groups()).filter((group) => !before.has(group))).toHaveLength(1);
    await heard.source.stop();
    expect((await groups()).filter((group) => !before.has(group))).toEqual([]);
  });

  test('waits for a broker that is not there yet, says so, and ends when it is told to', async () => {
    const heard = listen(kafkaSource(ownPrefix(), { brokers: ['127.0.0.1:1'] }));
    await until('unreachable', () => heard.source.upstream().state === 'unreachable', 8_000);
    await expect(heard.source.produce('a', text('x'))).rejects.toMatchObject({ code: 'unreachable' });
    await heard.source.stop();
    await heard.ready;
  });
});

type Secured = NonNullable<Broker['secured']>;

function connection(
  secured: Secured,
  listener: 'tls' | 'mutualTls' | 'sasl' | 'saslTls',
  mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512' | null,
): Partial<KafkaSourceOptions> {
  const read = (path: string) => readFileSync(path, 'utf8');
  const isMutual = listener === 'mutualTls';
  const [cert, key] = isMutual ? [read(secured.cert), read(secured.key)] : [undefined, undefined];
  return {
    brokers: [secured[listener]],
    tls: listener === 'sasl' ? null : { ca: read(secured.ca), cert, key },
    sasl: mechanism === null ? null : { mechanism, ...secured.user },
  };
}
