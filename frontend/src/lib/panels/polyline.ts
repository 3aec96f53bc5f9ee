// One series as a line on the plot: buckets become points in plot pixels, at most a few per pixel column, with every
// extreme kept and every gap broken. A point is (x, y); NaN in y lifts the pen. Written into one reused buffer.
import type { Columns } from '../live/columns.ts';

/** Neighbours further apart than this many times the cadence are not joined: a gap is a gap. */
export const GAP_FACTOR = 2.5;
/** Buckets of one column that are drawn each for itself, where each holds one value. */
const RAW_BUCKETS_MAX = 4;

export interface Plot {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  /** Epoch ms at the left and right edge. */
  readonly from: number;
  readonly to: number;
  readonly min: number;
  readonly max: number;
}

export interface Polyline {
  /** x, y, x, y … in CSS pixels. */
  points: Float32Array;
  /** Points, not floats. */
  length: number;
}

export function createPolyline(): Polyline {
  return { points: new Float32Array(256), length: 0 };
}

/** The longest step between two buckets that still belong together, ms. */
export function gapMs(intervalMs: number | null, tickMs: number, bucketMs: number): number {
  return GAP_FACTOR * Math.max(intervalMs ?? 0, tickMs, bucketMs);
}

/** Writes the polyline of `columns`. `columnPx` is the width of a column; wider for lines that stand in the back. */
export function toPolyline(columns: Columns, plot: Plot, gap: number, into: Polyline, columnPx = 1): Polyline {
  into.length = 0;
  const xScale = (plot.right - plot.left) / (plot.to - plot.from);
  const yScale = (plot.bottom - plot.top) / (plot.max - plot.min);
  const xAt = (at: number) => plot.left + ((columns.time[at] as number) - plot.from) * xScale;
  const yOf = (value: number) => plot.bottom - (value - plot.min) * yScale;
  let at = 0;
  let before = Number.NaN;
  let isPenDown = false;
  let y = Number.NaN;

  while (at < columns.length) {
    const start = columns.time[at] as number;
    const x = plot.left + (start - plot.from) * xScale;
    if (Number.isNaN(columns.last[at] as number)) {
      // Alive without a value. What the bucket held before that is still an extreme to be seen.
      lift();
      column(x, at, at + 1, false);
      lift();
      before = start;
      at++;
      continue;
    }
    if (start - before > gap) lift();
    const end = columnEnd(at, x);
    column(x, at, end, true);
    before = columns.time[end - 1] as number;
    at = end;
  }
  return into;

  /** First bucket of the next column: the column ends at a gap, at a null and after `columnPx`. */
  function columnEnd(from: number, x: number): number {
    let end = from + 1;
    while (end < columns.length) {
      const time = columns.time[end] as number;
      if (plot.left + (time - plot.from) * xScale - x >= columnPx) break;
      if (time - (columns.time[end - 1] as number) > gap || Number.isNaN(columns.last[end] as number)) break;
      end++;
    }
    return end;
  }

  function column(x: number, from: number, end: number, hasLast: boolean): void {
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    let isFlat = end - from <= RAW_BUCKETS_MAX;
    for (let i = from; i < end; i++) {
      const min = columns.min[i] as number;
      const max = columns.max[i] as number;
      if (min < low) low = min;
      if (max > high) high = max;
      if (min !== max || max !== columns.last[i]) isFlat = false;
    }
    // Few buckets that hold one value each are drawn where they are: their slope is the truth.
    if (isFlat) {
      for (let i = from; i < end; i++) push(xAt(i), yOf(columns.last[i] as number));
      return;
    }
    if (low > high) {
      if (hasLast) push(x, yOf(columns.last[end - 1] as number));
      return;
    }
    // The nearer extreme first, so that the stroke does not run up and down twice.
    const start = isPenDown ? y : yOf(columns.last[from] as number);
    const isLowNearer = Math.abs(start - yOf(low)) <= Math.abs(start - yOf(high));
    const xEnd = xAt(end - 1);
    push(x, yOf(isLowNearer ? low : high));
    push((x + xEnd) / 2, yOf(isLowNearer ? high : low));
    if (hasLast) push(xEnd, yOf(columns.last[end - 1] as number));
  }

  function push(x: number, nextY: number): void {
    if (
      isPenDown &&
      into.length > 0 &&
      into.points[2 * into.length - 1] === Math.fround(nextY) &&
      into.points[2 * into.length - 2] === Math.fround(x)
    )
      return;
    put(x, nextY);
    isPenDown = true;
    y = nextY;
  }

  function lift(): void {
    if (isPenDown) put(Number.NaN, Number.NaN);
    isPenDown = false;
  }

  function put(x: number, nextY: number): void {
    if (2 * into.length + 2 > into.points.length) {
      const larger = new Float32Array(into.points.length * 2);
      larger.set(into.points);
      into.points = larger;
    }
    into.points[2 * into.length] = x;
    into.points[2 * into.length + 1] = nextY;
    into.length++;
  }
}

/** Lowest and highest value that is drawn between two times. Infinity and -Infinity where there is none. */
export function extremesOf(columns: Columns, from: number, to: number): { low: number; high: number } {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let at = 0; at < columns.length; at++) {
    const time = columns.time[at] as number;
    if (time < from || time > to) continue;
    const min = columns.min[at] as number;
    const max = columns.max[at] as number;
    if (min < low) low = min;
    if (max > high) high = max;
  }
  return { low, high };
}
