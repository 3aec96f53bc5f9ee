// `npm run wire -- [topic ...] [--seconds 30] [--rate 1] [--json] [--save file]`, or `npm run wire -- --file capture`:
// what a connection carries, by kind of message, topic and series, beside what the same takes as JSON. Without topics:
// every one that may be read.
import { appendFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { closeReason } from '@tidewatch/schemas/close-code';
import { ServerMessage, SUBPROTOCOL } from '@tidewatch/schemas/message-server';
import { RATES_HZ } from '@tidewatch/schemas/rate';
import type { Payload } from '@tidewatch/schemas/wire/codec';
import { gatewayToken, gatewayUrl } from '../dev/gateway-access.ts';
import { captureLine, readCapture } from './capture.ts';
import { socketOpener } from './open-socket.ts';
import { type Carried, createWireTally } from './wire-tally.ts';

const SERIES_SHOWN = 10;
const { values: options, positionals: topics } = parseArgs({
  allowPositionals: true,
  options: {
    seconds: { type: 'string', default: '30' },
    rate: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
    save: { type: 'string' },
    file: { type: 'string' },
  },
});
const rate = RATES_HZ.find((one) => one === Number(options.rate)) ?? fail(`--rate is one of ${RATES_HZ.join(', ')}`);
const tally = createWireTally();
// Whoever reads this has enough: `| head`.
process.stdout.on('error', () => process.exit(0));
if (options.file === undefined) listen();
else {
  for (const payload of readCapture(options.file)) tally.take(payload);
  print();
}

function listen(): void {
  if (options.save !== undefined) writeFileSync(options.save, '');
  const subprotocol = options.json ? SUBPROTOCOL.json : SUBPROTOCOL.binary;
  const asked = new Set<string>();
  let id = 0;
  const ask = (message: object) => socket.send(JSON.stringify({ ...message, id: ++id }));
  const subscribe = (topic: string) => {
    if (asked.has(topic)) return;
    asked.add(topic);
    ask({ type: 'subscribe', topic, rate });
  };
  const socket = socketOpener({ url: gatewayUrl(), token: gatewayToken() })(subprotocol, {
    onMessage(payload) {
      tally.take(payload);
      if (options.save !== undefined) appendFileSync(options.save, captureLine(Date.now(), payload));
      const message = controlOf(payload);
      if (message?.type === 'hello') {
        if (topics.length === 0) ask({ type: 'watch_topics', isOn: true });
        for (const topic of topics) subscribe(topic);
      } else if (message?.type === 'topics' && topics.length === 0) {
        for (const { topic, rights } of message.rows) if (rights.includes('subscribe')) subscribe(topic);
      } else if (message?.type === 'error') console.error(`# ${message.topic ?? ''} ${message.message}`);
    },
    onClosed: (code) => fail(`The connection was closed: ${closeReason(code) ?? code}.`),
  });
  setTimeout(() => {
    socket.close();
    print();
    process.exit(0);
  }, Number(options.seconds) * 1_000);
}

function controlOf(payload: Payload): ServerMessage | undefined {
  if (typeof payload !== 'string') return undefined;
  return ServerMessage.safeParse(JSON.parse(payload)).data;
}

function print(): void {
  printCarried('message', tally.byKind);
  printCarried('topic', tally.byTopic);
  const costs = tally.series.filter(({ points }) => points > 0).sort((a, b) => b.bits - a.bits);
  console.log(
    `\n${'bits/point'.padStart(10)} ${'points'.padStart(8)}  series, the costliest ${SERIES_SHOWN} of ${costs.length}`,
  );
  for (const { topic, name, points, bits } of costs.slice(0, SERIES_SHOWN)) {
    console.log(`${(bits / points).toFixed(1).padStart(10)} ${String(points).padStart(8)}  ${topic} ${name}`);
  }
}

function printCarried(title: string, rows: ReadonlyMap<string, Carried>): void {
  console.log(
    `\n${'count'.padStart(8)} ${'bytes'.padStart(10)} ${'as JSON'.padStart(10)} ${'saved'.padStart(6)} ${'B/point'.padStart(8)}  ${title}`,
  );
  for (const [name, { messages, bytes, jsonBytes, points }] of rows) {
    const saved = jsonBytes === 0 ? '' : `${Math.round((1 - bytes / jsonBytes) * 100)} %`;
    const each = points === 0 ? '' : (bytes / points).toFixed(2);
    console.log(
      `${String(messages).padStart(8)} ${String(bytes).padStart(10)} ${String(jsonBytes).padStart(10)} ${saved.padStart(6)} ${each.padStart(8)}  ${name}`,
    );
  }
}

function fail(message: string): never {
  console.error(message);
  process.exit(1);
}
