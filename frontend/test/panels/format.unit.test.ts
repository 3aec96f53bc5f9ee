import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatOnAxis, formatRate, formatValueText } from '#lib/panels/format-value.ts';
import { formatAge, formatClock, formatDuration, formatLag, formatSilence, formatSpan } from '#lib/view/format-time.ts';

describe('a value', () => {
  test.each([
    [1.82, 's', '1.82 s'],
    [0.827, 's', '827 ms'],
    [0.000_42, 's', '420 µs'],
    [95.9, '%', '95.9 %'],
    [0.46, '%', '0.46 %'],
    [1420, 'ms', '1,420 ms'],
    [12_345, 'ms', '12.3 s'],
    [0, 's', '0 s'],
    [8403, '{carts}', '8,403 carts'],
    [52_000, '{carts}', '52 k carts'],
    [64, '', '64'],
    [0.0123, '1', '0.012'],
    [1500, 'By', '1,500 B'],
    [5_000_000, 'By', '4.77 MiB'],
    [3_221_225_472, 'By', '3 GiB'],
    [214, '1/s', '214 /s'],
    [21.5, 'Cel', '21.5 °C'],
    [3, 'furlongs', '3 furlongs'],
    [-3.7, 'ms', '−3.70 ms'],
    [Number.NaN, 's', '–'],
  ])('%d of %s reads "%s"', (value, unit, text) => {
    expect(formatValueText(value, unit)).toBe(text);
  });

  test('of a counter is said a second', () => {
    expect(formatValueText(1271, '1', true)).toBe('1,271 /s');
    expect(formatValueText(3_000_000, 'By', true)).toBe('2.86 MiB/s');
    expect(formatValueText(12, '{orders}', true)).toBe('12 orders/s');
  });

  test('never shows more than four significant digits', () => {
    fc.assert(
      fc.property(
        fc.double({ noNaN: true, min: -1e14, max: 1e14 }),
        fc.constantFrom('s', 'ms', 'By', '%', '', '{carts}', '1/s'),
        (value, unit) => {
          const digits = formatValueText(value, unit)
            .split(' ')[0]
            ?.replace(/e.*$/, '')
            .replace(/[^\d.]/g, '')
            .replace(/^[0.]+/, '')
            .replace('.', '')
            .replace(/0+$/, '');
          expect(digits?.length ?? 0).toBeLessThanOrEqual(4);
        },
      ),
    );
  });
});

describe('a value beside an axis', () => {
  test('is fine enough to be told from its neighbours, and no finer', () => {
    const axis = (decimals: number, factor = 1) => ({ unit: '', factor, decimals });
    expect(formatOnAxis(0.9567, axis(2))).toBe('0.957');
    expect(formatOnAxis(1.772, axis(1))).toBe('1.77');
    expect(formatOnAxis(451.3, axis(0))).toBe('451');
    expect(formatOnAxis(0.2063, axis(0, 1_000))).toBe('206');
    expect(formatOnAxis(0.0054, axis(2))).toBe('0.0054');
    expect(formatOnAxis(123.456, axis(2))).toBe('123.5');
    expect(formatOnAxis(Number.NaN, axis(1))).toBe('–');
  });
  test('a rate is whole, or has one decimal where it is small', () => {
    expect([214.4, 6.3, 6, 0.04].map(formatRate)).toEqual(['214', '6.3', '6', '0.0']);
  });
});

describe('a time', () => {
  test('is shown in the zone that is named', () => {
    expect(formatClock(Date.UTC(2026, 10, 23, 12, 4, 53), 'UTC')).toBe('12:04:53');
    expect(formatClock(Date.UTC(2026, 10, 23, 0, 0, 0), 'UTC')).toBe('00:00:00');
  });
  test('ages are whole seconds, then coarse', () => {
    expect([999, 42_900, 61_000, 7_300_000, 200_000_000, -5].map(formatAge)).toEqual([
      '0 s',
      '42 s',
      '1 min',
      '2 h',
      '2 d',
      '0 s',
    ]);
  });
  test('durations are m:ss', () => {
    expect([38_000, 151_000, 3_723_000].map(formatDuration)).toEqual(['0:38', '2:31', '1:02:03']);
    expect([42_000, 72_000].map(formatSilence)).toEqual(['42 s', '1:12']);
    expect(formatLag(4_230)).toBe('4.2 s');
    expect([90_000, 300_000, 3_600_000].map(formatSpan)).toEqual(['90 s', '5 min', '1 h']);
  });
});
