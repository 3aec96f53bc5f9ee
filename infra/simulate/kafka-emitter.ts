// The simulated shop as a process of its own, emitting to the Kafka of KAFKA_BROKERS (default 127.0.0.1:9092):
// `node infra/simulate/kafka-emitter.ts [--topics 20] [--series 50] [--past 15]`. Sends the past fifteen minutes first.
import { parseArgs } from 'node:util';
import { createKafkaEmitter } from './kafka-producer.ts';
import { createShop } from './shop.ts';

const BEAT_MS = 100;
const SLICE_MS = 5_000;
const WAITING_MAX_RECORDS = 5_000;

const { values } = parseArgs({
  options: { topics: { type: 'string' }, series: { type: 'string' }, past: { type: 'string', default: '15' } },
});
const brokers = (process.env.KAFKA_BROKERS || '127.0.0.1:9092').split(',');
const log = (line: string): void => console.log(line);

const shop = createShop({
  seed: 1,
  ...(values.topics ? { topicCount: Number(values.topics) } : {}),
  ...(values.series ? { seriesPerTopic: Number(values.series) } : {}),
});
const emitter = createKafkaEmitter({ brokers, log });
log(`A simulated shop sends ${shop.seriesCount} series in ${shop.topics.length} topics to ${brokers}.`);

let sent = Date.now() - Number.parseFloat(values.past) * 60_000;
const beat = setInterval(() => {
  // The past goes out as fast as Kafka takes it, and no faster.
  if (emitter.stats().waiting > WAITING_MAX_RECORDS && Date.now() - sent > SLICE_MS) return;
  const now = Math.min(Date.now(), sent + SLICE_MS);
  emitter.send(shop.recordsBetween(sent, now));
  sent = now;
}, BEAT_MS);

let isStopping = false;
const stop = async (): Promise<void> => {
  if (isStopping) return;
  isStopping = true;
  clearInterval(beat);
  await emitter.stop();
  const { dropped } = emitter.stats();
  if (dropped > 0) log(`${dropped} records were dropped while Kafka was away.`);
  process.exit(0);
};
process.on('SIGINT', () => void stop());
process.on('SIGTERM', () => void stop());
