// `npm run emit -- shop.checkout latency_ms 12.5 region=eu [--unit ms] [--kind counter] [--interval 1s] [--time T]`
// Emits one sample as a service would: to Kafka where KAFKA_BROKERS is set, else by POST /api/ingest to TIDEWATCH_URL with
// TIDEWATCH_TOKEN (in the try-out: the token that the gateway left in data/demo-token). `null` as value: alive, no value.
import { parseArgs } from 'node:util';
import { RecordSample } from '@tidewatch/schemas/record';
import { Topic } from '@tidewatch/schemas/topic';
import kafkajs from 'kafkajs';
import { gatewayToken, gatewayUrl } from './gateway-access.ts';

const USAGE =
  'npm run emit -- <topic> <metric> <value> [label=value ...] [--unit u] [--kind k] [--interval i] [--time t]';

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    unit: { type: 'string' },
    kind: { type: 'string' },
    interval: { type: 'string' },
    time: { type: 'string' },
    description: { type: 'string' },
    emitter: { type: 'string' },
    ended: { type: 'boolean' },
  },
});
const [topicText, metric, valueText, ...labelTexts] = positionals;
if (topicText === undefined || metric === undefined || valueText === undefined) fail(`Usage: ${USAGE}`);

const topic = Topic.safeParse(topicText);
if (!topic.success) fail(`topic: ${topic.error.issues[0]?.message}`);
const record = RecordSample.safeParse({
  metric,
  value: valueText === 'null' ? null : Number(valueText),
  ...(labelTexts.length > 0 ? { labels: Object.fromEntries(labelTexts.map(label)) } : {}),
  ...options,
  ...(options.time === undefined ? {} : { time: /^\d+$/.test(options.time) ? Number(options.time) : options.time }),
});
if (!record.success) {
  const [issue] = record.error.issues;
  fail(`${issue?.path.join('.')}: ${issue?.message}`);
}

const { KAFKA_BROKERS, KAFKA_TOPIC_PREFIX } = process.env;
if (KAFKA_BROKERS) await toKafka(KAFKA_BROKERS.split(','), `${KAFKA_TOPIC_PREFIX || 'metrics.'}${topic.data}`);
else await toGateway();

async function toKafka(brokers: string[], kafkaTopic: string): Promise<void> {
  const producer = new kafkajs.Kafka({ brokers, logLevel: kafkajs.logLevel.NOTHING, retry: { retries: 3 } }).producer();
  await producer.connect().catch((error: Error) => fail(`Kafka at ${brokers} does not answer: ${error.message}`));
  await producer.send({ topic: kafkaTopic, messages: [{ value: JSON.stringify(record.data) }] });
  await producer.disconnect();
  console.log(`${kafkaTopic} ${JSON.stringify(record.data)}`);
}

async function toGateway(): Promise<void> {
  const answer = await fetch(new URL('/api/ingest', gatewayUrl()), {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${gatewayToken()}` },
    body: JSON.stringify({ topic: topic.data, ...record.data }),
  }).catch((error: Error) =>
    fail(`No gateway at ${gatewayUrl()}: ${String(error.cause ?? error.message)}. Run npm start.`),
  );
  const body = await answer.text();
  if (!answer.ok) fail(`The gateway refused it (${answer.status}): ${body}`);
  console.log(`${topic.data} ${JSON.stringify(record.data)}`);
}

function label(text: string): [string, string] {
  const at = text.indexOf('=');
  if (at < 1) fail(`"${text}" is no label: write name=value. Usage: ${USAGE}`);
  return [text.slice(0, at), text.slice(at + 1)];
}

function fail(message: string): never {
  console.error(message);
  process.exit(1);
}
