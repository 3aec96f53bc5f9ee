import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { StoredSeries } from '#lib/live/series-store.ts';
import { ROW_PX, spread } from '#lib/panels/end-labels.ts';
import { byMetric, LINES_MAX, linesOf, OTHERS_MAX } from '#lib/panels/metric-lines.ts';

const series = (labels: Record<string, string>, last: number, metric = 'latency'): StoredSeries => ({
  key: `${metric} ${JSON.stringify(labels)}`,
  id: 0,
  def: {
    id: 0,
    metric,
    labels,
    kind: 'gauge',
    unit: 'ms',
    description: '',
    intervalMs: 1_000,
    isIntervalDeclared: true,
    emitter: '',
  },
  state: 'fresh',
  arrival: 0,
  time: 0,
  last,
  rings: new Map(),
});

describe('the lines of a metric', () => {
  test('are named by what tells them apart', () => {
    const lines = linesOf([series({ service: 'cart', region: 'eu' }, 5), series({ service: 'cart', region: 'us' }, 9)]);
    expect(lines.top.map((line) => line.name)).toEqual(['us', 'eu']);
  });
  test('of percentiles stand highest first, in one hue', () => {
    const lines = linesOf(['0.5', '0.99', '0.95'].map((quantile) => series({ quantile }, 1)));
    expect(lines.top.map((line) => [line.name, line.color.full])).toEqual([
      ['p99', 'o4'],
      ['p95', 'o2'],
      ['p50', 'o1'],
    ]);
    expect(lines.isOrdered).toBe(true);
  });
  test('beyond eight stand behind, and beyond those are counted, not lost', () => {
    const lines = linesOf(Array.from({ length: 50 }, (_, at) => series({ host: `h${at}` }, at)));
    expect(lines.top.map((line) => line.series.last)).toEqual([49, 48, 47, 46, 45, 44, 43, 42]);
    expect([lines.top.length, lines.others.length, lines.more]).toEqual([LINES_MAX, OTHERS_MAX, 42]);
  });
  test('come metric by metric, by name', () => {
    expect(
      [...byMetric([series({}, 1, 'b'), series({}, 1, 'a'), series({ x: '1' }, 1, 'b')])].map(([name, list]) => [
        name,
        list.length,
      ]),
    ).toEqual([
      ['a', 1],
      ['b', 2],
    ]);
  });
});

describe('names at the ends', () => {
  test('keep a row apart, their order and the plot, where there is room', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -20, max: 220 }), { minLength: 1, maxLength: 8 }), (ys) => {
        const placed = spread(ys, 0, 200);
        const sorted = [...placed].sort((a, b) => a - b);
        for (let at = 1; at < sorted.length; at++)
          expect((sorted[at] as number) - (sorted[at - 1] as number)).toBeGreaterThanOrEqual(ROW_PX - 1e-9);
        expect(Math.min(...placed)).toBeGreaterThanOrEqual(0);
        expect(Math.max(...placed)).toBeLessThanOrEqual(200);
        for (const [a, ya] of ys.entries())
          for (const [b, yb] of ys.entries())
            if (ya < yb) expect(placed[a] as number).toBeLessThan((placed[b] as number) + 1e-9);
      }),
    );
  });
  test('stand level with their line where nothing is in the way', () => {
    expect(spread([20, 100, 180], 0, 200)).toEqual([20, 100, 180]);
  });
});
