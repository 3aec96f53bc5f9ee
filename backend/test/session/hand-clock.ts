// A clock that tests move by hand. Timers run in the order of their times, each at its own.
import type { Clock, Timer } from '../../src/clock.ts';

export interface HandClock extends Clock {
  /** Moves on by `ms`, running whatever falls due on the way. */
  pass(ms: number): void;
}

export function createHandClock(epochMs = 1_700_000_000_000): HandClock {
  let now = 0;
  let number = 0;
  const timers = new Map<number, { at: number; every: number | null; call: () => void }>();

  function start(ms: number, every: number | null, call: () => void): Timer {
    const id = ++number;
    timers.set(id, { at: now + ms, every, call });
    return { stop: () => timers.delete(id) };
  }

  function nextDue(until: number): number | undefined {
    let next: number | undefined;
    for (const [id, { at }] of timers)
      if (at <= until && (next === undefined || at < (timers.get(next)?.at ?? 0))) next = id;
    return next;
  }

  return {
    now: () => epochMs + now,
    monotonic: () => now,
    after: (ms, call) => start(ms, null, call),
    every: (ms, call) => start(ms, ms, call),
    pass(ms) {
      const until = now + ms;
      for (let id = nextDue(until); id !== undefined; id = nextDue(until)) {
        const timer = timers.get(id);
        if (timer === undefined) break;
        now = timer.at;
        if (timer.every === null) timers.delete(id);
        else timer.at += timer.every;
        timer.call();
      }
      now = until;
    },
  };
}
