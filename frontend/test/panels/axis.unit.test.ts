import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRangeKeeper, niceRange, SHRINK_AFTER_MS, xTicks, yTicks } from '#lib/panels/axis.ts';

describe('a y range', () => {
  test('holds every value, with 2 to 8 round ticks', () => {
    const value = fc.double({ noNaN: true, min: -1e9, max: 1e9 });
    fc.assert(
      fc.property(value, value, fc.integer({ min: 60, max: 600 }), (a, b, height) => {
        const [low, high] = a < b ? [a, b] : [b, a];
        fc.pre(high - low > 1e-6 * Math.max(1, Math.abs(high), Math.abs(low)));
        const range = niceRange(low, high, height);
        const slack = range.step * 1e-6;
        expect(range.min).toBeLessThanOrEqual(low + slack);
        expect(range.max).toBeGreaterThanOrEqual(high - slack);
        expect(yTicks(range).length).toBeGreaterThanOrEqual(2);
        expect(yTicks(range).length).toBeLessThanOrEqual(8);
      }),
    );
  });
  test('starts at zero where values move by a good part of their size, and not where they hover', () => {
    expect(niceRange(64, 451, 200)).toEqual({ min: 0, max: 500, step: 100 });
    expect(niceRange(98.1, 98.4, 200).min).toBeGreaterThan(97);
  });
  test('is a range even for one value, and for none', () => {
    expect(niceRange(0, 0, 200).max).toBeGreaterThan(0);
    expect(niceRange(5, 5, 200).min).toBeLessThan(5);
    expect(niceRange(Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 200)).toEqual({ min: 0, max: 1, step: 0.5 });
  });
  test('grows at once and shrinks only after a while', () => {
    const keeper = createRangeKeeper();
    expect(keeper.next(0, 100, 200, 0).max).toBe(100);
    expect(keeper.next(0, 900, 200, 100).max).toBe(1_000);
    expect(keeper.next(0, 100, 200, 200).max).toBe(1_000);
    expect(keeper.next(0, 100, 200, 200 + SHRINK_AFTER_MS).max).toBe(100);
  });
});

describe('x ticks', () => {
  test('stand on round times of the zone and leave room for their labels', () => {
    const from = Date.UTC(2026, 10, 23, 11, 59, 53);
    const ticks = xTicks(from, from + 300_000, 600, 70, 0);
    expect(ticks.map((t) => new Date(t).toISOString().slice(11, 19))).toEqual([
      '12:00:00',
      '12:01:00',
      '12:02:00',
      '12:03:00',
      '12:04:00',
    ]);
    const indian = xTicks(from, from + 24 * 3_600_000, 600, 100, 5.5 * 3_600_000);
    expect(indian.every((t) => (t + 5.5 * 3_600_000) % 3_600_000 === 0)).toBe(true);
  });
});

test('a range that was made of nothing gives way to the first values', () => {
  const keeper = createRangeKeeper();
  keeper.next(Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 200, 0);
  expect(keeper.next(0.94, 0.97, 200, 1).min).toBeGreaterThan(0.9);
});
