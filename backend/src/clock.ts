// Time as an argument. Everything that waits or stamps takes a Clock, so that tests run it by hand.

/** A running timer; `stop` is safe to call twice. */
export interface Timer {
  stop(): void;
}

export interface Clock {
  /** Epoch ms, as the world says it. May jump. */
  now(): number;
  /** ms from some start; never goes back. For durations. */
  monotonic(): number;
  /** Calls once after `ms`. */
  after(ms: number, call: () => void): Timer;
  /** Calls every `ms` until stopped. */
  every(ms: number, call: () => void): Timer;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(ms, call) {
    const timer = setTimeout(call, ms);
    return { stop: () => clearTimeout(timer) };
  },
  every(ms, call) {
    const timer = setInterval(call, ms);
    return { stop: () => clearInterval(timer) };
  },
};
