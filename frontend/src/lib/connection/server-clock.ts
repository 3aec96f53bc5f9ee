// The server's clock as seen from here. Every message that carries server time gives a guess; the one that took the
// least time on the way is the best, so the largest offset of late counts. Guesses are forgotten slowly, since clocks
// drift and computers sleep.

/** How fast a good old guess loses against worse new ones, ms a second. */
const FORGET_MS_PER_S = 0.5;
/** A guess this far off is a clock that was set, not a slow message. */
const JUMP_MS = 10_000;

export interface ServerClock {
  /** A message that was written at server time `at` arrived at browser time `received`. */
  heard(at: number, received: number): void;
  /** Server time now. The browser's own until something was heard. */
  now(): number;
  /** How much later than the best one a message came, ms: what the line adds just now. */
  delayOf(at: number, received: number): number;
}

export function createServerClock(localNow: () => number): ServerClock {
  let offset: number | null = null;
  let heardAt = 0;
  return {
    heard(at, received) {
      const guess = at - received;
      if (offset === null || Math.abs(guess - offset) > JUMP_MS) offset = guess;
      else offset = Math.max(guess, offset - ((received - heardAt) / 1_000) * FORGET_MS_PER_S);
      heardAt = received;
    },
    now: () => localNow() + (offset ?? 0),
    delayOf: (at, received) => Math.max(0, received + (offset ?? at - received) - at),
  };
}
