// `npm run load -- [--clients 2000] [--seconds 40] [--topics 4] [--rate 4]`: many clients in this one process against a
// running gateway. Every client keeps full replicas and checks order; a tenth of them lose a grant on the way and must
// hear nothing after; at the end all replicas of a topic at one number must be equal, those of fresh clients among
// them. Says whether this process was fast enough to judge.
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { RATES_HZ } from '@tidewatch/schemas/rate';
import { gatewayUrl } from '../dev/gateway-access.ts';
import { CLIENTS_A_TOKEN, createLoadAccess } from './load-access.ts';
import { createLoadClient, type LoadClient, type LoadTally } from './load-client.ts';

const { values: options } = parseArgs({
  options: {
    clients: { type: 'string', default: '2000' },
    seconds: { type: 'string', default: '40' },
    topics: { type: 'string', default: '4' },
    rate: { type: 'string', default: '4' },
  },
});
const clients = whole('clients', options.clients);
const seconds = whole('seconds', options.seconds);
const rate = RATES_HZ.find((one) => one === Number(options.rate)) ?? fail(`--rate is one of ${RATES_HZ.join(', ')}`);
/** Clients that connect at once. */
const AT_ONCE = 50;
/** Fresh clients join so long before the end, and are compared like all others. */
const FRESH_MS = 4_000;
/** This process judges only while its loop keeps up. */
const LOOP_P99_MAX_MS = 100;
const BUSY_MAX = 0.9;

const url = gatewayUrl();
const access = await createLoadAccess(url).catch((error: Error) => fail(`No way in at ${url}: ${error.message}`));
const topics = (await access.topics()).slice(0, whole('topics', options.topics));
if (topics.length < 2) fail('The load wants a gateway with at least two topics.');
const [kept = '', ...revocable] = topics;

const tally: LoadTally = {
  ...{ frames: 0, bytes: 0, revoked: 0, closed: 0, revokeAskedAt: 0 },
  ...{ delays: [], revokes: [], faults: [] },
};
const all: LoadClient[] = [];
let failed = false;
try {
  await run();
} finally {
  for (const client of all) client.stop();
  await access.stop();
}
process.exit(failed ? 1 : 0);

async function run(): Promise<void> {
  // Some read by grants that end on the way, the others by their token's own patterns.
  const losing = Math.max(1, Math.min(CLIENTS_A_TOKEN, Math.floor(clients / 10)));
  const loser = await access.token([kept]);
  const revoke = await access.grant(loser.id, revocable);
  console.log(`${clients} clients on ${topics.join(', ')} at ${rate} Hz, for ${seconds} s`);
  await join(losing, loser.secret, 'losing');
  for (let left = clients - losing; left > 0; left -= CLIENTS_A_TOKEN) {
    const { secret } = await access.token(topics);
    await join(Math.min(left, CLIENTS_A_TOKEN - 1), secret, 'staying');
  }

  const loop = monitorEventLoopDelay({ resolution: 10 });
  loop.enable();
  const before = { use: performance.eventLoopUtilization(), at: performance.now(), ...tally };
  tally.delays.length = 0;
  await pause((seconds * 1_000) / 2);
  tally.revokeAskedAt = performance.now();
  await revoke();
  await pause((seconds * 1_000) / 2 - FRESH_MS);
  await join(1, (await access.token(topics)).secret, 'fresh');
  await pause(FRESH_MS);
  loop.disable();
  const busy = performance.eventLoopUtilization(before.use).utilization;
  const took = (performance.now() - before.at) / 1_000;

  const { compared, numbers } = compare();
  const proven = all.reduce((sum, client) => sum + client.proven, 0);
  say(
    'frames',
    `${rounded((tally.frames - before.frames) / took)} a second, ${rounded((tally.bytes - before.bytes) / took / 1_024)} KB/s`,
  );
  say(
    'delay',
    `from made to read: median ${percentile(tally.delays, 0.5)} ms, p99 ${percentile(tally.delays, 0.99)} ms`,
  );
  check(
    'revokes',
    tally.revoked === losing * revocable.length,
    `${tally.revoked} of ${losing * revocable.length} heard, the last ${percentile(tally.revokes, 1)} ms after they were asked for`,
  );
  check(
    'states',
    compared > clients,
    `${compared} replicas at ${numbers} numbers agree with each other and with fresh ones; ${proven} checksums of the gateway hold`,
  );
  check(
    'faults',
    tally.faults.length === 0,
    tally.faults.length === 0
      ? 'none: all in order, no gap, nothing after a revoke'
      : `\n  ${tally.faults.join('\n  ')}`,
  );
  const loopP99 = loop.percentile(99) / 1e6;
  const isJudge = busy < BUSY_MAX && loopP99 < LOOP_P99_MAX_MS;
  check(
    'this process',
    isJudge,
    `${isJudge ? 'kept up' : 'was itself the bottleneck: use fewer clients'}: busy ${rounded(busy * 100)} %, loop p99 ${rounded(loopP99)} ms`,
  );
}

async function join(count: number, token: string, kind: string): Promise<void> {
  for (let left = count; left > 0; left -= AT_ONCE) {
    const some = Array.from({ length: Math.min(left, AT_ONCE) }, () =>
      createLoadClient({ name: `${kind} ${all.length}`, url, token, topics, rate, tally }),
    );
    all.push(...some);
    await Promise.all(some.map((client) => client.ready));
  }
}

/** Replicas of one topic at one number must be one. */
function compare(): { compared: number; numbers: number } {
  const sums = new Map<string, number>();
  let compared = 0;
  for (const { key, sum } of all.flatMap((client) => client.standing())) {
    compared += 1;
    const first = sums.get(key) ?? sum;
    sums.set(key, first);
    if (first !== sum) tally.faults.push(`two replicas of ${key} differ`);
  }
  return { compared, numbers: sums.size };
}

function say(what: string, text: string): void {
  console.log(`${what.padEnd(13)} ${text}`);
}

function check(what: string, holds: boolean, text: string): void {
  if (!holds) failed = true;
  say(what, `${holds ? 'ok' : 'FAILED'}  ${text}`);
}

function percentile(values: readonly number[], share: number): number {
  const sorted = Float64Array.from(values).sort();
  return rounded(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0);
}

function whole(name: string, text: string): number {
  const number = Number(text);
  return Number.isInteger(number) && number > 0 ? number : fail(`--${name} is a whole number above 0`);
}

function rounded(number: number): number {
  return Math.round(number * 10) / 10;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function fail(text: string): never {
  console.error(text);
  process.exit(1);
}
