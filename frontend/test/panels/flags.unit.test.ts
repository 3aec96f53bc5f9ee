import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FLAG_HEIGHT, lineUnder, placeFlags } from '#lib/panels/flags.ts';
import type { Polyline } from '#lib/panels/polyline.ts';

const bounds = { left: 0, right: 400, top: 0, bottom: 200 };
const lineOf = (...points: [number, number][]): Polyline => ({
  points: Float32Array.from(points.flat()),
  length: points.length,
});

describe('flags', () => {
  test('never stand on one another or outside of the plot', () => {
    const dot = fc.record({ y: fc.integer({ min: 0, max: 200 }), width: fc.integer({ min: 20, max: 60 }) });
    fc.assert(
      fc.property(fc.array(dot, { maxLength: 8 }), fc.integer({ min: 0, max: 400 }), (dots, x) => {
        const places = placeFlags(
          dots.map((d, at) => ({ ...d, x, key: String(at) })),
          [],
          bounds,
        );
        for (const [at, a] of places.entries()) {
          expect(a.left).toBeGreaterThanOrEqual(0);
          expect(a.left + a.width).toBeLessThanOrEqual(400);
          expect(a.top).toBeGreaterThanOrEqual(0);
          expect(a.top + FLAG_HEIGHT).toBeLessThanOrEqual(200);
          for (const b of places.slice(at + 1)) {
            const isOver =
              a.left < b.left + b.width && b.left < a.left + a.width && Math.abs(a.top - b.top) < FLAG_HEIGHT;
            expect(isOver).toBe(false);
          }
        }
      }),
    );
  });

  test('stand beside a level line, not on it', () => {
    const line = lineOf([0, 100], [400, 100]);
    const [place] = placeFlags([{ key: 'a', x: 200, y: 100, width: 40 }], [line], bounds);
    expect(
      lineUnder(
        line,
        place?.left as number,
        place?.top as number,
        (place?.left as number) + 40,
        (place?.top as number) + FLAG_HEIGHT,
      ),
    ).toBe(0);
  });

  test('keep their place while it stays nearly the best', () => {
    const dots = [{ key: 'a', x: 200, y: 100, width: 40 }];
    const [first] = placeFlags(dots, [], bounds);
    const left = placeFlags(
      dots,
      [lineOf([205, 90], [206, 90.2])],
      bounds,
      [],
      new Map([['a', first?.slot as number]]),
    );
    expect(left[0]?.slot).toBe(first?.slot);
  });

  test('measure the line under them, and a lifted pen is no line', () => {
    expect(lineUnder(lineOf([0, 50], [100, 50]), 20, 40, 60, 60)).toBeCloseTo(40);
    expect(lineUnder(lineOf([0, 50], [Number.NaN, Number.NaN], [100, 50]), 20, 40, 60, 60)).toBe(0);
    expect(lineUnder(lineOf([0, 0], [100, 10]), 20, 40, 60, 60)).toBe(0);
  });
});
