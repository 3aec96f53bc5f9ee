// A clock that goes only when it is told to.
import type { ClientClockSource } from '@tidewatch/schemas/client-socket';

export function createHandClock() {
  let now = 1_700_000_000_000;
  const timers = new Set<{ at: number; call: () => void }>();
  const clock: ClientClockSource = {
    now: () => now,
    monotonic: () => now,
    after(ms, call) {
      const timer = { at: now + ms, call };
      timers.add(timer);
      return { stop: () => timers.delete(timer) };
    },
  };
  return {
    clock,
    timers: () => timers.size,
    go(ms: number) {
      const end = now + ms;
      for (;;) {
        const [next] = [...timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
        if (next === undefined) break;
        timers.delete(next);
        now = Math.max(now, next.at);
        next.call();
      }
      now = end;
    },
  };
}
