import type { SeriesState } from '@tidewatch/schemas/freshness';
import { describe, expect, test } from 'vitest';
import { intervalText, metricFacts } from '#lib/live/metric-facts.ts';
import type { StoredSeries } from '#lib/live/series-store.ts';

const series = (
  metric: string,
  state: SeriesState,
  last: number,
  more: { arrival?: number; intervalMs?: number | null; declared?: boolean } = {},
): StoredSeries => ({
  key: `${metric} ${last}`,
  id: 0,
  def: {
    id: 0,
    metric,
    labels: { host: String(last) },
    kind: 'gauge',
    unit: 'ms',
    description: '',
    intervalMs: more.intervalMs === undefined ? 1_000 : more.intervalMs,
    isIntervalDeclared: more.declared ?? true,
    emitter: '',
  },
  state,
  arrival: more.arrival ?? 0,
  time: 0,
  last,
  rings: new Map(),
});

describe('the metrics of a topic', () => {
  test('stand worst first, then by name, and one silent series makes its metric stale', () => {
    const facts = metricFacts([
      series('b', 'fresh', 1),
      series('a', 'fresh', 1),
      series('c', 'stale', 1, { arrival: 7 }),
      series('c', 'fresh', 2, { arrival: 9 }),
      series('d', 'ended', 1),
    ]);
    expect(facts.map(({ metric, state, count }) => [metric, state, count])).toEqual([
      ['c', 'stale', 1],
      ['a', 'fresh', 1],
      ['b', 'fresh', 1],
      ['d', 'ended', 1],
    ]);
    expect(facts[0]?.arrival).toBe(7);
  });
  test('are led by the largest value, never by one that has none', () => {
    expect(
      metricFacts([series('a', 'fresh', Number.NaN), series('a', 'fresh', -5), series('a', 'fresh', 3)])[0]?.leading
        .last,
    ).toBe(-5);
  });
  test('say their cadence and who said it', () => {
    const text = (ms: number) => `${ms / 1_000} s`;
    expect(intervalText([series('a', 'fresh', 1)], text)).toBe('1 s, declared');
    expect(
      intervalText(
        [
          series('a', 'fresh', 1, { declared: false }),
          series('a', 'fresh', 2, { intervalMs: 10_000, declared: false }),
        ],
        text,
      ),
    ).toBe('1 s to 10 s, learned');
    expect(intervalText([series('a', 'fresh', 1, { intervalMs: null })], text)).toBe('sparse');
    expect(intervalText([series('a', 'fresh', 1, { intervalMs: 0 })], text)).toBe('not known yet');
  });
});
