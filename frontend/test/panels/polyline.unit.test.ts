import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Columns, createColumns } from '#lib/live/columns.ts';
import { createPolyline, extremesOf, gapMs, type Plot, type Polyline, toPolyline } from '#lib/panels/polyline.ts';

const START = 1_700_000_000_000;

interface Bucket {
  second: number;
  last: number;
  min?: number;
  max?: number;
}

function columnsOf(buckets: readonly Bucket[]): Columns {
  const columns = createColumns(Math.max(1, buckets.length));
  for (const { second, last, min = last, max = last } of buckets) {
    columns.time[columns.length] = START + second * 1_000;
    columns.last[columns.length] = last;
    columns.min[columns.length] = min;
    columns.max[columns.length] = max;
    columns.length++;
  }
  return columns;
}

const plotOf = (width: number, seconds: number): Plot => ({
  left: 0,
  right: width,
  top: 0,
  bottom: 100,
  from: START,
  to: START + seconds * 1_000,
  min: 0,
  max: 100,
});

/** Lines as lists of [x, value], split where the pen is lifted. */
function strokes(line: Polyline): [number, number][][] {
  const all: [number, number][][] = [[]];
  for (let at = 0; at < line.length; at++) {
    const y = line.points[2 * at + 1] as number;
    if (Number.isNaN(y)) all.push([]);
    else all.at(-1)?.push([line.points[2 * at] as number, 100 - y]);
  }
  return all.filter((stroke) => stroke.length > 0);
}

describe('a line', () => {
  test('is broken where neighbours are more than 2.5 cadences apart, and joined where they are not', () => {
    const columns = columnsOf([1, 2, 3, 5, 6, 9, 10].map((second) => ({ second, last: 50 })));
    const got = strokes(toPolyline(columns, plotOf(100, 20), gapMs(1_000, 1_000, 1_000), createPolyline()));
    expect(got.map((stroke) => stroke.length)).toEqual([5, 2]);
  });

  test('of a slow emitter is joined over its own interval', () => {
    const columns = columnsOf([0, 10, 20, 40].map((second) => ({ second, last: 50 })));
    const joined = strokes(toPolyline(columns, plotOf(100, 60), gapMs(10_000, 1_000, 1_000), createPolyline()));
    expect(joined.length).toBe(1);
    const broken = strokes(toPolyline(columns, plotOf(100, 60), gapMs(1_000, 1_000, 1_000), createPolyline()));
    expect(broken.length).toBe(4);
  });

  test('is broken by "alive, no value", which is never drawn as zero', () => {
    const columns = columnsOf([
      { second: 1, last: 50 },
      { second: 2, last: Number.NaN, min: Number.NaN, max: Number.NaN },
      { second: 3, last: 50 },
    ]);
    const got = strokes(toPolyline(columns, plotOf(100, 10), 2_500, createPolyline()));
    expect(got.map((stroke) => stroke.map(([, value]) => value))).toEqual([[50], [50]]);
  });

  test('shows every extreme of every bucket, however many buckets share a pixel', () => {
    const bucket = fc.record({
      a: fc.integer({ min: 0, max: 100 }),
      b: fc.integer({ min: 0, max: 100 }),
      c: fc.integer({ min: 0, max: 100 }),
    });
    fc.assert(
      fc.property(
        fc.array(bucket, { minLength: 1, maxLength: 400 }),
        fc.integer({ min: 20, max: 800 }),
        (buckets, width) => {
          const columns = columnsOf(
            buckets.map(({ a, b, c }, second) => {
              const [min, last, max] = [a, b, c].sort((x, y) => x - y) as [number, number, number];
              return { second, last, min, max };
            }),
          );
          const plot = plotOf(width, buckets.length);
          const drawn = strokes(toPolyline(columns, plot, 2_500, createPolyline())).flat();
          const { low, high } = extremesOf(columns, plot.from, plot.to);
          const values = drawn.map(([, value]) => value);
          expect(Math.min(...values)).toBeCloseTo(low, 3);
          expect(Math.max(...values)).toBeCloseTo(high, 3);
          // Column by column too, and never more than a few points in one.
          for (let x = 0; x < width; x += 1) {
            const inColumn = drawn.filter(([at]) => at >= x && at < x + 1);
            expect(inColumn.length).toBeLessThanOrEqual(8);
          }
          // A line never runs backwards, and ends at the newest value.
          for (let at = 1; at < drawn.length; at++)
            expect(drawn[at]?.[0]).toBeGreaterThanOrEqual(drawn[at - 1]?.[0] as number);
          expect(values.at(-1)).toBeCloseTo(columns.last[columns.length - 1] as number, 3);
        },
      ),
      { numRuns: 60 },
    );
  });

  test('of nothing is nothing', () => {
    expect(toPolyline(createColumns(1), plotOf(100, 10), 2_500, createPolyline()).length).toBe(0);
  });
});
