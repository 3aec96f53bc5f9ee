import { afterEach, describe, expect, it } from 'vitest';
import { readStubFrame } from '../session/stub-streams.ts';
import { createSlowReader, type SlowReader } from './slow-reader.ts';
import { createSocketKit, pause, type SocketKit } from './socket-kit.ts';

const BINARY = 2;
let kit: SocketKit;
let reader: SlowReader;
let beat: NodeJS.Timeout;
afterEach(async () => {
  clearInterval(beat);
  reader.stop();
  await kit.stop();
});

/** When each number of the topic was made. */
const madeAt = new Map<number, number>();

async function reading(bytesPerSecond: number, topic: { frameBytes: number; everyMs: number; snapshotBytes: number }) {
  kit = await createSocketKit({ snapshotBytes: topic.snapshotBytes });
  kit.policy.grant('eve', '**');
  reader = await createSlowReader(kit.port, bytesPerSecond);
  reader.send({ type: 'subscribe', id: 1, topic: 'shop', rate: 4 });
  let seq = 0;
  beat = setInterval(() => {
    madeAt.set(++seq, Date.now());
    kit.streams.tick('shop', { bytes: topic.frameBytes });
  }, topic.everyMs);
}

/** ms between a number being made and being read, for every delta. */
function ages(): number[] {
  return reader.messages
    .filter(({ opcode }) => opcode === BINARY)
    .map(({ body, at }) => ({ frame: readStubFrame(body), at }))
    .filter(({ frame }) => frame.kind !== 'snapshot')
    .map(({ frame, at }) => at - (madeAt.get(frame.to) ?? 0));
}

describe('a client that reads 1 KB/s', () => {
  it('is never shown old data as new on a topic of 0.5 KB/s', async () => {
    await reading(1_024, { frameBytes: 128, everyMs: 250, snapshotBytes: 4_000 });
    await pause(8_000);
    expect(ages().length).toBeGreaterThan(10);
    expect(Math.max(...ages())).toBeLessThan(1_000);
  });
});

describe('a client that reads slower than its topic goes', () => {
  it('gets merged deltas, each newer than what it could have read of the old ones', async () => {
    await reading(1_024, { frameBytes: 1_024, everyMs: 100, snapshotBytes: 1_000 });
    await pause(6_000);
    const frames = reader.messages.filter(({ opcode }) => opcode === BINARY).map(({ body }) => readStubFrame(body));
    expect(frames.some(({ kind }) => kind === 'merged')).toBe(true);
    expect(Math.max(...ages())).toBeLessThan(2_500);
    for (const [at, frame] of frames.entries()) if (at > 0) expect(frame.from).toBe(frames[at - 1]?.to);
  });

  it('is written nothing more of a topic after a revoke: its line is reset where much is in flight', async () => {
    await reading(1_024, { frameBytes: 1_000, everyMs: 50, snapshotBytes: 12_000_000 });
    await pause(500);
    kit.policy.revoke('eve');
    kit.policyChanged('eve');
    await expect.poll(() => kit.registry.stats().sessions).toBe(0);
    reader.bytesPerSecond = 10_000_000;
    await expect.poll(() => reader.end).toBe('reset');
    // More than the kernels hold was on its way: what they did not have yet never comes.
    expect(reader.messages.every(({ opcode }) => opcode !== BINARY)).toBe(true);
  });

  it('is read from again when it takes what it was sent', async () => {
    await reading(1_024, { frameBytes: 2_000, everyMs: 50, snapshotBytes: 10_000 });
    await pause(2_000);
    reader.bytesPerSecond = 10_000_000;
    await pause(1_500);
    const recent = ages().slice(-5);
    expect(recent).toHaveLength(5);
    expect(Math.max(...recent)).toBeLessThan(300);
  });
});
