// How often a subscription asks to be told, in ticks a second. A closed set, so that streams are shared.
import { z } from 'zod';

export const RATES_HZ = [0.2, 0.5, 1, 2, 4, 10] as const;
export type Rate = (typeof RATES_HZ)[number];
export const Rate = z.union(RATES_HZ.map((rate) => z.literal(rate)));

export const RATE_DEFAULT_HZ: Rate = 1;

/** Width of a bucket at a rate, ms: history is kept at 1 s, and a slower rate folds whole seconds. */
export function stepMsOfRate(rate: Rate): number {
  return rate >= 1 ? 1_000 : Math.round(1_000 / rate);
}
