// A delta: everything of a topic that happened in (from, to], two numbers of its sequence, as one selection sees it.
// It carries states of buckets, not events: a bucket in a delta replaces the same bucket in the replica. So a delta
// that overlaps what a client already has does no harm, and merging deltas is taking the union of what they touch.
import type { SeriesState } from './freshness.ts';
import type { SeriesDef } from './series.ts';

/**
 * The buckets of one start time that got a sample in (from, to]. Columns of equal length, series ids ascending.
 * A value is NaN where the newest sample of the bucket says "alive, no value"; min and max are NaN where the bucket
 * has no value at all. `last` is the newest by sample time.
 */
export interface BucketColumns {
  /** Start of the buckets, epoch ms, a multiple of the stream's stepMs. */
  readonly time: number;
  readonly series: ArrayLike<number>;
  readonly last: ArrayLike<number>;
  readonly min: ArrayLike<number>;
  readonly max: ArrayLike<number>;
}

export interface Delta {
  readonly topicId: number;
  readonly from: number;
  readonly to: number;
  /** Server time when it was made, epoch ms. The arrival of every series in it, unless `ages` says otherwise. */
  readonly at: number;
  /** New series, and series whose definition changed (unit, interval, description, emitter). */
  readonly defs: readonly SeriesDef[];
  /** Ids of series that left the topic, or left what this client may see. */
  readonly retired: readonly number[];
  readonly states: readonly (readonly [series: number, state: SeriesState])[];
  /** ms before `at` that the newest sample arrived, for series where that is more than one tick. */
  readonly ages: readonly (readonly [series: number, ageMs: number])[];
  /** Oldest first. Usually one; several after a burst of late samples or a merge. */
  readonly buckets: readonly BucketColumns[];
  /** `replicaChecksum` of the selection at `to`, now and then; null otherwise. */
  readonly checksum: number | null;
}
