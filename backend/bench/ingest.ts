// ingest.rate: records a second from a real broker through the Kafka source and the decoder, beside a bare kafkajs
// consumer with an empty handler on the same Kafka topic. Rounds of the two alternate; the best of each counts, because a
// busy machine only ever takes away. Records are 167 bytes; a batch of 50 holds fifty such samples in one record.
import kafkajs, { type Kafka } from 'kafkajs';
import pino from 'pino';
import { type Broker, startBroker } from '../../infra/kafka/broker.ts';
import { systemClock } from '../src/clock.ts';
import { decodeRecord } from '../src/ingest/decode-record.ts';
import { registerKafkaCodecs } from '../src/ingest/kafka-codecs.ts';
import { createKafkaSource } from '../src/ingest/kafka-source.ts';
import { createRoute } from '../src/ingest/route.ts';
import { type Bench, type BenchRow, ratioRow } from './bench-row.ts';

const RECORDS = 300_000;
const BATCH = 50;
const ROUNDS = 3;
const PER_SEND = 5_000;
const BAR = { atLeast: 0.45 };
const RECORD_BYTES = 167;

const CASES = {
  'ingest.rate': { compression: kafkajs.CompressionTypes.None, batch: 1 },
  'ingest.rate.lz4': { compression: kafkajs.CompressionTypes.LZ4, batch: 1 },
  'ingest.rate.batch50': { compression: kafkajs.CompressionTypes.None, batch: BATCH },
} as const;
type Case = keyof typeof CASES;

export const bench: Bench = {
  names: Object.keys(CASES),
  async run(wanted, say) {
    registerKafkaCodecs();
    const broker = await startBroker();
    const rows: BenchRow[] = [];
    try {
      for (const name of Object.keys(CASES) as Case[])
        if (wanted.has(name)) rows.push(await measure(broker, name, say));
    } finally {
      await broker.stop();
    }
    return rows;
  },
};

/** Fifty series in turn, as an emitter sends them; exactly RECORD_BYTES long. */
function sampleText(at: number, time: number): string {
  const sample = {
    metric: 'http_server_duration_ms',
    value: Math.round(Math.abs(Math.sin(at)) * 1e6) / 1e3,
    time: time + Math.floor(at / BATCH),
    labels: { service: 'checkout', region: 'eu-west-1', pod: `pod-${at % BATCH}` },
    unit: 'ms',
  };
  const text = JSON.stringify(sample);
  const padded = { ...sample, emitter: 'e'.repeat(Math.max(1, RECORD_BYTES - text.length - ',"emitter":""'.length)) };
  return JSON.stringify(padded);
}

async function measure(broker: Broker, name: Case, say: (text: string) => void): Promise<BenchRow> {
  const { batch, compression } = CASES[name];
  const prefix = `${name}.`;
  const kafkaTopic = `${prefix}shop`;
  const kafka = new kafkajs.Kafka({ brokers: [broker.brokers], logLevel: kafkajs.logLevel.NOTHING });
  await fill(kafka, kafkaTopic, batch, compression);
  const own: number[] = [];
  const bare: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    bare.push(await bareRate(kafka, kafkaTopic, RECORDS / batch));
    own.push(await ownRate(broker, prefix, RECORDS / batch));
    const [ours, alone] = [own, bare].map((rates) => Math.round(rates.at(-1) ?? 0));
    say(`  ${name}: ${ours} records/s, kafkajs alone ${alone}`);
  }
  return ratioRow(name, Math.max(...own), 'records/s', Math.max(...bare), BAR);
}

async function fill(kafka: Kafka, topic: string, batch: number, compression: number): Promise<void> {
  const admin = kafka.admin();
  await admin.connect();
  await admin.createTopics({ topics: [{ topic, numPartitions: 1 }], waitForLeaders: true });
  await admin.disconnect();
  const producer = kafka.producer();
  await producer.connect();
  const now = Date.now();
  for (let at = 0; at < RECORDS; ) {
    const messages: { value: string }[] = [];
    for (let samples = 0; samples < PER_SEND; samples += batch) {
      const texts = Array.from({ length: batch }, () => sampleText(at++, now));
      messages.push({ value: batch === 1 ? (texts[0] ?? '') : `[${texts.join(',')}]` });
    }
    await producer.send({ topic, compression, acks: 1, messages });
  }
  await producer.disconnect();
}

/** From the first batch to the last, so that joining the group is nobody's cost. */
function stopwatch() {
  let begun = 0;
  let skipped = 0;
  let seen = 0;
  return {
    saw(count: number) {
      if (begun === 0) {
        begun = performance.now();
        skipped = count;
      }
      seen += count;
      return seen;
    },
    rate: () => ((seen - skipped) / (performance.now() - begun)) * 1_000,
  };
}

async function bareRate(kafka: Kafka, topic: string, count: number): Promise<number> {
  const consumer = kafka.consumer({ groupId: `bench-${Math.random()}`, maxWaitTimeInMs: 100 });
  const done = Promise.withResolvers<number>();
  const watch = stopwatch();
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  await consumer.run({
    autoCommitInterval: 1_000,
    eachBatch: async ({ batch }) => {
      if (watch.saw(batch.messages.length) >= count) done.resolve(watch.rate());
    },
  });
  const rate = await done.promise;
  await consumer.disconnect();
  return rate;
}

async function ownRate(broker: Broker, prefix: string, count: number): Promise<number> {
  const route = createRoute({ prefix });
  const log = pino({ level: 'silent' });
  const connection = { brokers: [broker.brokers], tls: null, sasl: null };
  const source = createKafkaSource({ clock: systemClock, log, route, replayMs: 3_600_000, ...connection });
  const done = Promise.withResolvers<number>();
  const watch = stopwatch();
  let samples = 0;
  const started = source.start({
    onRecords(records) {
      for (const record of records) {
        const decoded = decodeRecord(record, route.topicOf(record.kafkaTopic) ?? '');
        samples += decoded.samples.length;
      }
      if (watch.saw(records.length) >= count) done.resolve(watch.rate());
    },
    onStatus() {},
  });
  const rate = await done.promise;
  await started;
  await source.stop();
  if (samples !== RECORDS) throw new Error(`${samples} of ${RECORDS} samples were decoded`);
  return rate;
}
