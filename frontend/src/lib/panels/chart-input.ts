// What a time chart is given to draw, once a draw. Plain data: the chart holds no state of the world.
import type { Columns } from '../live/columns.ts';
import type { Zone } from '../view/format-time.ts';
import type { SeriesColor } from './palette.ts';
import type { Unit } from './unit.ts';

/**
 * How loud a line is. `rest`: the normal case among several. `full`: alone, under the pointer or isolated.
 * `other`: behind, beyond the eight that stand out.
 */
export type Emphasis = 'rest' | 'full' | 'other';

export interface ChartSeries {
  readonly key: string;
  readonly color: SeriesColor;
  readonly columns: Columns;
  readonly gapMs: number;
  readonly emphasis: Emphasis;
  /** Ended series close with a hollow dot. */
  readonly isEnded: boolean;
}

export interface ChartInput {
  readonly from: number;
  readonly to: number;
  /** Behind comes first. */
  readonly series: readonly ChartSeries[];
  readonly unit: Unit;
  readonly zone: Zone;
  /** Draw a flat fill under the one series. */
  readonly isSingle: boolean;
  /** From here to the right edge nothing is known: hatch. null: everything is current. */
  readonly hatchFrom: number | null;
  /** From here to the right edge samples are late. */
  readonly lagFrom: number | null;
  /** Every line at rest: this browser is offline. */
  readonly isOffline: boolean;
  /** A range of y that is kept whatever the values: while history loads. */
  readonly isEmpty: boolean;
}
