import { describe, expect, it } from 'vitest';
import { BEAT_MS, createFlushWheel, SLOT_MS, SLOT_SESSIONS, URGENT_MAX } from '../../src/session/flush-wheel.ts';
import { createHandClock } from './hand-clock.ts';

function spinning(sessions: number) {
  const clock = createHandClock();
  const wheel = createFlushWheel(clock);
  const flushedAt: number[] = [];
  const all = Array.from({ length: sessions }, () => ({
    phase: wheel.phase(),
    isAwaitingFlush: false,
    flush: () => flushedAt.push(clock.monotonic()),
  }));
  return { clock, wheel, all, flushedAt };
}

describe('the flush wheel', () => {
  it('flushes each once a beat, however often it was woken', () => {
    const { clock, wheel, all, flushedAt } = spinning(3);
    for (const one of [...all, ...all]) wheel.wake(one);
    clock.pass(BEAT_MS);
    expect(flushedAt).toHaveLength(3);
    clock.pass(1_000);
    expect(flushedAt).toHaveLength(3);
  });

  it('spreads many sessions over the beat, and few not at all', () => {
    const many = spinning(4 * SLOT_SESSIONS);
    for (const one of many.all) many.wheel.wake(one);
    many.clock.pass(BEAT_MS);
    expect([...new Set(many.flushedAt)]).toEqual([0, SLOT_MS, 2 * SLOT_MS, 3 * SLOT_MS]);
    const few = spinning(100);
    for (const one of few.all) few.wheel.wake(one);
    few.clock.pass(BEAT_MS);
    expect(new Set(few.flushedAt).size).toBe(1);
  });

  it('keeps everybody within a beat of being woken', () => {
    const { clock, wheel, all, flushedAt } = spinning(12 * SLOT_SESSIONS);
    for (let beat = 0; beat < 5; beat++) {
      const before = flushedAt.length;
      for (const one of all) wheel.wake(one);
      clock.pass(BEAT_MS);
      expect(flushedAt.length - before).toBe(all.length);
    }
  });

  it('flushes what is urgent at once, and the rest in its phase where too much is', () => {
    const { clock, wheel, all, flushedAt } = spinning(URGENT_MAX + 50);
    for (const one of all) wheel.wakeUrgently(one);
    expect(flushedAt).toHaveLength(URGENT_MAX);
    clock.pass(BEAT_MS);
    expect(flushedAt).toHaveLength(URGENT_MAX + 50);
  });

  it('runs no timer while nobody waits, and none after it stopped', () => {
    const { clock, wheel, all, flushedAt } = spinning(1);
    wheel.wake(all[0] as (typeof all)[number]);
    wheel.stop();
    clock.pass(1_000);
    expect(flushedAt).toEqual([]);
  });
});
