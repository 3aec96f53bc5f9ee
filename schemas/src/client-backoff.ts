// When to try again: full jitter, so that a thousand clients of a restarted gateway do not come back as one.

export const RETRY_FIRST_MS = 500;
export const RETRY_MAX_MS = 30_000;

/** ms to wait before an attempt, counted from 1: anywhere between 0 and a bound that doubles. `random` is in [0, 1). */
export function retryDelayMs(attempt: number, random: number): number {
  const bound = Math.min(RETRY_MAX_MS, RETRY_FIRST_MS * 2 ** Math.min(attempt - 1, 16));
  return Math.floor(random * bound);
}
