// The path of a sparkline in its own pixels: gaps are gaps, points less than a pixel apart say nothing more, and a line
// that does not move stands in the middle. Pure.
import type { Columns } from '../live/columns.ts';

const PAD = 2;
/** Closer points than this are left out, except the last, px. */
const STEP_PX = 0.9;

export interface SparklineBox {
  readonly from: number;
  readonly to: number;
  readonly width: number;
  readonly height: number;
  /** Range of y; null: from the values themselves. */
  readonly low: number | null;
  readonly high: number | null;
  readonly gapMs: number;
}

export interface SparklinePath {
  /** Of an SVG path; empty: nothing is known. */
  readonly path: string;
  readonly end: { readonly x: number; readonly y: number } | null;
  /** Where the known begins, px. */
  readonly start: number | null;
}

export function sparklinePath(
  columns: Columns,
  { from, to, width, height, low, high, gapMs }: SparklineBox,
): SparklinePath {
  let min = low ?? Number.POSITIVE_INFINITY;
  let max = high ?? Number.NEGATIVE_INFINITY;
  for (let at = 0; at < columns.length; at++) {
    const value = columns.last[at] as number;
    // Comparisons with NaN are false: a bucket without a value sets no bound.
    if (low === null && value < min) min = value;
    if (high === null && value > max) max = value;
  }
  if (!(max > min)) [min, max] = [min - 1, min + 1];
  const xOf = (time: number) => ((time - from) / (to - from)) * (width - 2 * PAD) + PAD;
  const yOf = (value: number) =>
    height - PAD - ((Math.min(max, Math.max(min, value)) - min) / (max - min)) * (height - 2 * PAD);
  let path = '';
  let before = Number.NaN;
  let end: { x: number; y: number } | null = null;
  let start: number | null = null;
  let x = Number.NEGATIVE_INFINITY;
  for (let at = 0; at < columns.length; at++) {
    const time = columns.time[at] as number;
    const value = columns.last[at] as number;
    if (Number.isNaN(value)) {
      before = Number.NaN;
      continue;
    }
    const nextX = xOf(time);
    const isJoined = time - before <= gapMs;
    before = time;
    if (isJoined && nextX - x < STEP_PX && at < columns.length - 1) continue;
    x = nextX;
    end = { x, y: yOf(value) };
    start ??= x;
    path += `${isJoined ? 'L' : 'M'}${x.toFixed(1)} ${end.y.toFixed(1)}`;
  }
  return { path, end, start };
}
