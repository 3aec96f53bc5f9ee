// What one frame to one client costs the gateway, against bare sockets that write the same bytes in the same run.
// Server and clients are processes of their own; windows of ours and of the control take turns.
import { type Bench, type BenchRow, ratioRow, valueRow } from './bench-row.ts';
import type { CrowdCounts } from './crowd.ts';
import { clear, type Stage, stage } from './stage.ts';
import type { SendCost } from './target.ts';

const CLIENTS = 2_000;
const FRAME_BYTES = 200;
/** The fastest rate that a subscription may ask for. */
const HZ = 10;
const WINDOW_MS = 2_000;
const WARM_UP_ROUNDS = 2;
const ROUNDS = 7;
const RATE_BAR = 80_000;

export const bench: Bench = {
  names: ['fanout.cpu', 'fanout.merged', 'fanout.rate', 'fanout.lateness'],
  async run(wanted, say) {
    const rows: BenchRow[] = [];
    if (wanted.has('fanout.cpu')) rows.push(...(await cpuRows(say)));
    if (wanted.has('fanout.merged')) rows.push(...(await mergedRows()));
    if (wanted.has('fanout.rate') || wanted.has('fanout.lateness'))
      rows.push(...(await rateRows()).filter((row) => wanted.has(row.name)));
    return rows;
  },
};

/** CPU us of the server a write: the median of windows that take turns, so that a neighbour's burst is nobody's. */
async function costs(stages: readonly Stage[], topics: readonly string[]): Promise<number[]> {
  const windows = stages.map(() => [] as number[]);
  for (let round = 0; round < WARM_UP_ROUNDS + ROUNDS; round++) {
    for (const [at, { target }] of stages.entries()) {
      const cost = await target.ask<SendCost>({ ask: 'send', forMs: WINDOW_MS, hz: HZ, bytes: FRAME_BYTES, topics });
      if (round >= WARM_UP_ROUNDS) windows[at]?.push(cost.cpuUs / cost.ticks / CLIENTS);
    }
  }
  return windows.map((all) => all.sort((a, b) => a - b)[Math.floor(all.length / 2)] ?? 0);
}

async function cpuRows(say: (text: string) => void): Promise<BenchRow[]> {
  const topics = ['bench.one'];
  const modes = ['tidewatch', 'bare', 'ws', 'socketio'] as const;
  const stages: Stage[] = [];
  for (const mode of modes) stages.push(await stage(mode, CLIENTS, topics));
  say(`  ${CLIENTS} clients each on ${modes.join(', ')}`);
  const [ours = 0, bare = 0, ws = 0, socketIo = 0] = await costs(stages, topics);
  for (const one of stages) await clear(one);
  return [
    ratioRow('fanout.cpu', ours, 'us', bare, { atMost: 1.25 }),
    ratioRow('fanout.cpu, ws.send', ws, 'us', bare, null),
    ratioRow('fanout.cpu, Socket.IO', socketIo, 'us', bare, null),
  ];
}

/** Four topics a client: one write of four frames, against one plain write of the same bytes. */
async function mergedRows(): Promise<BenchRow[]> {
  const topics = ['bench.one', 'bench.two', 'bench.three', 'bench.four'];
  const stages = [await stage('tidewatch', CLIENTS, topics), await stage('bare', CLIENTS, topics)];
  const [ours = 0, bare = 0] = await costs(stages, topics);
  for (const one of stages) await clear(one);
  return [ratioRow('fanout.merged', ours, 'us', bare, { atMost: 1.25 })];
}

/** As many frames a second as are promised, four topics a client, and how late each is against its own phase. */
async function rateRows(): Promise<BenchRow[]> {
  const topics = ['bench.one', 'bench.two', 'bench.three', 'bench.four'];
  const hz = 10;
  const clients = Math.ceil((RATE_BAR * 1.05) / (hz * topics.length));
  const one = await stage('tidewatch', clients, topics);
  await one.target.ask<SendCost>({ ask: 'send', forMs: 2_000, hz, bytes: FRAME_BYTES, topics });
  const before = await one.crowd.ask<CrowdCounts>({ ask: 'counts' });
  await one.crowd.ask({ ask: 'measure' });
  const cost = await one.target.ask<SendCost>({ ask: 'send', forMs: 8_000, hz, bytes: FRAME_BYTES, topics });
  const after = await one.crowd.ask<CrowdCounts>({ ask: 'counts' });
  const lateness = await one.crowd.ask<{ p99: number; p50: number }>({ ask: 'lateness' });
  await clear(one);
  const frames = after.frames - before.frames;
  const seconds = cost.ticks / hz;
  return [
    valueRow('fanout.rate', frames / seconds, 'frames/s', { atLeast: RATE_BAR }),
    valueRow('fanout.lateness', lateness.p99, 'ms', { atMost: 50 }),
    valueRow('fanout.rate, CPU of one core', (100 * cost.cpuUs) / 1_000 / cost.wallMs, '%', null),
    valueRow('fanout.rate, CPU of the clients', (100 * (after.cpuUs - before.cpuUs)) / 1_000 / cost.wallMs, '%', null),
  ];
}
