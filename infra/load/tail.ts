// `npm run tail -- shop.checkout [--rate 10] [--metric latency_seconds]`: a line a change, out of the same replica that a
// browser keeps. As the demo operator would see it, or as TIDEWATCH_TOKEN may.
import { parseArgs } from 'node:util';
import type { Delta } from '@tidewatch/schemas/delta';
import { createLiveClient } from '@tidewatch/schemas/live-client';
import { RATES_HZ, type Rate } from '@tidewatch/schemas/rate';
import { gatewayToken, gatewayUrl } from '../dev/gateway-access.ts';
import { socketOpener } from './open-socket.ts';

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { rate: { type: 'string', default: '10' }, metric: { type: 'string', multiple: true } },
});
const [topic] = positionals;
if (topic === undefined) fail('Usage: npm run tail -- <topic> [--rate 10] [--metric name ...]');
const rate = RATES_HZ.find((one) => one === Number(options.rate));
if (rate === undefined) fail(`--rate is one of ${RATES_HZ.join(', ')}`);

const client = createLiveClient({
  openSocket: socketOpener({ url: gatewayUrl(), token: gatewayToken() }),
  random: Math.random,
  clock: {
    now: Date.now,
    monotonic: () => performance.now(),
    after(ms, call) {
      const timer = setTimeout(call, ms);
      return { stop: () => clearTimeout(timer) };
    },
  },
});

client.on((event) => {
  if (event.type !== 'state') return;
  const { kind } = event.state;
  if (kind === 'signedOut') fail('The gateway does not know this token.');
  if (kind === 'reconnecting' || kind === 'offline') note(`${kind}: trying again`);
});
client.start();

const subscription = client.subscribe(topic, wanted(rate, options.metric));
subscription.on((event) => {
  if (event.type === 'delta') printDelta(event.delta);
  else if (event.type === 'snapshot') note(`${event.snapshot.series.length} series at ${event.snapshot.seq}`);
  else if (event.type === 'upstream' && event.upstream.state !== 'live') note(`upstream: ${event.upstream.state}`);
  else if (event.type === 'resync') note(`resync: ${event.message}`);
  else if (event.type === 'state') {
    const { state } = event;
    if (state.kind === 'forbidden') fail(`${state.message} Owner: ${state.owner ?? 'admins'}.`);
    if (state.kind === 'failed') fail(state.message);
    if (state.kind === 'revoked') fail(`Access was revoked (${state.reason}). Owner: ${state.owner}.`);
  }
});
// Whoever reads this has enough: `| head`.
process.stdout.on('error', () => process.exit(0));
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(0));

function wanted(rateHz: Rate, metrics: string[] | undefined) {
  return metrics === undefined ? { rate: rateHz } : { rate: rateHz, metrics };
}

function printDelta({ buckets, states }: Delta): void {
  for (const { time, series, last } of buckets) {
    for (let at = 0; at < series.length; at++) {
      const value = last[at] as number;
      print(time, series[at] as number, Number.isNaN(value) ? 'no value' : String(value));
    }
  }
  for (const [id, state] of states) if (state !== 'fresh') print(Date.now(), id, state);
}

function print(time: number, id: number, text: string): void {
  const def = subscription.replica.seriesById.get(id)?.def;
  if (def === undefined) return;
  const labels = Object.entries(def.labels).map(([name, label]) => `${name}=${label}`);
  const unit = def.kind === 'counter' ? `${def.unit}/s` : def.unit;
  console.log([new Date(time).toISOString(), def.metric, ...labels, text, unit].join(' ').trimEnd());
}

function note(text: string): void {
  console.error(`# ${text}`);
}

function fail(message: string): never {
  console.error(message);
  process.exit(1);
}
