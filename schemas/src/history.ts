// History: buckets of named series over a range, in columns. It ends where the snapshot begins, and overlaps do no
// harm: a bucket is a state, not an event.
import { z } from 'zod';

/** The tiers that the gateway keeps, finest first: width of a bucket and how far back, ms. */
export const TIERS = [
  { stepMs: 1_000, spanMs: 15 * 60_000 },
  { stepMs: 10_000, spanMs: 2 * 3_600_000 },
  { stepMs: 60_000, spanMs: 24 * 3_600_000 },
] as const;
export const StepMs = z.union([z.literal(1_000), z.literal(10_000), z.literal(60_000)]);
export type StepMs = z.infer<typeof StepMs>;

/** Buckets of one series, times ascending, only buckets that had a sample. Columns of equal length. */
export interface HistorySeries {
  readonly id: number;
  readonly time: ArrayLike<number>;
  readonly last: ArrayLike<number>;
  readonly min: ArrayLike<number>;
  readonly max: ArrayLike<number>;
}

export interface History {
  readonly topicId: number;
  /** The id of the request that it answers. */
  readonly request: number;
  readonly epoch: string;
  readonly seq: number;
  readonly stepMs: StepMs;
  /** The range as answered, epoch ms, [from, to). */
  readonly from: number;
  readonly to: number;
  /** Earliest time from which this tier is complete, epoch ms: before it, buckets may be missing. */
  readonly completeFrom: number;
  readonly series: readonly HistorySeries[];
}
