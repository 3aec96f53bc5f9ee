import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createColumns } from '#lib/live/columns.ts';
import { type SparklineBox, sparklinePath } from '#lib/panels/sparkline-path.ts';

const box: SparklineBox = { from: 0, to: 100_000, width: 104, height: 24, low: null, high: null, gapMs: 2_500 };
function columnsOf(values: readonly (number | null)[]) {
  const columns = createColumns(Math.max(1, values.length));
  values.forEach((value, second) => {
    if (value === null) return;
    columns.time[columns.length] = second * 1_000;
    columns.last[columns.length] = value;
    columns.min[columns.length] = value;
    columns.max[columns.length] = value;
    columns.length++;
  });
  return columns;
}

describe('a sparkline', () => {
  test('is drawn inside of its box, whatever the values and with or without them', () => {
    const value = fc.oneof(
      fc.constant(null),
      fc.constant(Number.NaN),
      fc.double({ noNaN: true, min: -1e9, max: 1e9 }),
      fc.constant(0),
    );
    fc.assert(
      fc.property(fc.array(value, { maxLength: 100 }), (values) => {
        const { path } = sparklinePath(columnsOf(values), box);
        expect(path).not.toMatch(/NaN|Infinity/);
        for (const [, x, y] of path.matchAll(/[ML]([\d.-]+) ([\d.-]+)/g)) {
          expect(Number(x)).toBeGreaterThanOrEqual(0);
          expect(Number(x)).toBeLessThanOrEqual(104);
          expect(Number(y)).toBeGreaterThanOrEqual(0);
          expect(Number(y)).toBeLessThanOrEqual(24);
        }
      }),
    );
  });
  test('does not join what lies apart, and what does not move stands in the middle', () => {
    expect(sparklinePath(columnsOf([1, 1, null, null, null, 1]), box).path).toBe('M2.0 12.0L3.0 12.0M7.0 12.0');
    expect(sparklinePath(columnsOf([1, Number.NaN, 1]), box).path).toBe('M2.0 12.0M4.0 12.0');
  });
  test('says where it begins, and that nothing is known', () => {
    expect(sparklinePath(columnsOf([null, null, 5]), box).start).toBe(4);
    expect(sparklinePath(columnsOf([]), box)).toEqual({ path: '', end: null, start: null });
  });
});
