// A snapshot: the last value and state of every selected series of a topic at (epoch, seq).
import type { SeriesState } from './freshness.ts';
import type { SeriesDef } from './series.ts';

export interface SnapshotSeries {
  readonly def: SeriesDef;
  readonly state: SeriesState;
  /** Server time (epoch ms) when the newest sample arrived; of a replayed record, its Kafka timestamp. 0: none yet. */
  readonly arrival: number;
  /** Start of the newest bucket, epoch ms; 0 where the series has had no sample. */
  readonly time: number;
  /** The newest bucket. NaN: the emitter said it is alive and has no value (or there is no sample yet). */
  readonly last: number;
  readonly min: number;
  readonly max: number;
}

export interface Snapshot {
  readonly topicId: number;
  readonly epoch: string;
  readonly seq: number;
  /** Server time when it was taken, epoch ms. */
  readonly at: number;
  /** Width of the buckets that this stream sends, ms. */
  readonly stepMs: number;
  readonly series: readonly SnapshotSeries[];
}
