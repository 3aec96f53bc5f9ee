import { describe, expect, test } from 'vitest';
import { colorsOf, differingLabels, rankOf, seriesName } from '#lib/panels/palette.ts';

const named = (names: string[], label = 'host') =>
  names.map((name) => ({ key: `m ${name}`, labels: { [label]: name } }));

describe('colours', () => {
  test('a series keeps its colour where others come and go around it, as long as they do not want the same', () => {
    const few = colorsOf(named(['a', 'b', 'c']));
    const more = colorsOf(named(['a', 'b', 'c', 'd']));
    for (const [key, color] of few) expect(more.get(key)).toEqual(color);
  });
  test('no two of eight series share a colour', () => {
    for (let run = 0; run < 50; run++) {
      const colors = colorsOf(named(Array.from({ length: 8 }, (_, at) => `host-${run * 8 + at}`)));
      expect(new Set([...colors.values()].map((color) => color.full)).size).toBe(8);
    }
  });
  test('one series alone is blue, at full strength', () => {
    expect(colorsOf(named(['x'])).get('m x')).toEqual({ full: 's1', rest: 's1', isOrdered: false });
  });
  test('percentiles take one hue, by rank', () => {
    const colors = colorsOf(named(['0.99', '0.5', '0.95'], 'quantile'));
    expect(['0.5', '0.95', '0.99'].map((q) => colors.get(`m ${q}`)?.full)).toEqual(['o1', 'o2', 'o4']);
    expect(rankOf(named(['a', 'b'], 'quantile'))).toBeUndefined();
    expect(rankOf(named(['p50', 'p99'], 'host'))).toBeUndefined();
  });
});

describe('a name', () => {
  test('says only what tells the series apart', () => {
    const sets = [
      { service: 'cart', region: 'eu', quantile: '0.99' },
      { service: 'cart', region: 'us', quantile: '0.5' },
    ];
    const differing = differingLabels(sets);
    expect(differing).toEqual(['quantile', 'region']);
    expect(sets.map((labels) => seriesName(labels, differing))).toEqual(['p99 · eu', 'p50 · us']);
  });
  test('is the labels themselves where there is only one series, and says where one is missing', () => {
    expect(seriesName({ host: 'a' }, [])).toBe('a');
    expect(seriesName({}, ['host'])).toBe('no host');
  });
});
