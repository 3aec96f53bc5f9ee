// Buckets of one series in time order, as columns. Reused between draws: `length` says how much of them is meant.
// A `last` of NaN is "alive, no value"; min and max are NaN where a bucket holds no value at all.
export interface Columns {
  length: number;
  time: Float64Array;
  last: Float64Array;
  min: Float64Array;
  max: Float64Array;
}

export function createColumns(capacity: number): Columns {
  return {
    length: 0,
    time: new Float64Array(capacity),
    last: new Float64Array(capacity),
    min: new Float64Array(capacity),
    max: new Float64Array(capacity),
  };
}

/** A copy that later writes to the source do not reach: what a paused chart keeps. */
export function copyColumns(columns: Columns): Columns {
  const { length } = columns;
  return {
    length,
    time: columns.time.slice(0, length),
    last: columns.last.slice(0, length),
    min: columns.min.slice(0, length),
    max: columns.max.slice(0, length),
  };
}

/** Index of the bucket that stands at a time: the newest that starts at or before it, or -1. */
export function indexAt(columns: Columns, time: number): number {
  let low = 0;
  let high = columns.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((columns.time[middle] as number) <= time) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
