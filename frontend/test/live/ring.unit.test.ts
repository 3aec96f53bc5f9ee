import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createColumns } from '#lib/live/columns.ts';
import { createRing } from '#lib/live/ring.ts';

const START = 1_700_000_000_000;

describe('a ring', () => {
  test('reads back what was written, in time order, whatever the order of writing', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 0, max: 899 }), { minLength: 1, maxLength: 300 }), (seconds) => {
        const ring = createRing(1_000, 900);
        for (const s of seconds) expect(ring.set(START + s * 1_000, s, s - 1, s + 1)).toBe(true);
        const got = ring.read(START, START + 900_000, createColumns(900));
        const want = [...seconds].sort((a, b) => a - b);
        expect([...got.last.subarray(0, got.length)]).toEqual(want);
        expect([...got.min.subarray(0, got.length)]).toEqual(want.map((s) => s - 1));
        expect([...got.max.subarray(0, got.length)]).toEqual(want.map((s) => s + 1));
        expect([...got.time.subarray(0, got.length)]).toEqual(want.map((s) => START + s * 1_000));
      }),
    );
  });

  test('never reads back what is older than its span, however time jumps', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 1, maxLength: 400 }), (jumps) => {
        const ring = createRing(1_000, 100);
        const kept = new Map<number, number>();
        let newest = START;
        for (const [at, jump] of jumps.entries()) {
          newest += jump * 1_000;
          ring.set(newest, at, at, at);
          kept.set(newest, at);
        }
        const got = ring.read(0, newest, createColumns(200));
        const want = [...kept].filter(([time]) => time > newest - 100_000).sort(([a], [b]) => a - b);
        expect([...got.time.subarray(0, got.length)]).toEqual(want.map(([time]) => time));
        expect([...got.last.subarray(0, got.length)]).toEqual(want.map(([, value]) => value));
      }),
    );
  });

  test('refuses a bucket older than its span, and keeps what stands in that slot', () => {
    const ring = createRing(1_000, 100);
    ring.set(START + 100_000, 7, 7, 7);
    expect(ring.set(START, 1, 1, 1)).toBe(false);
    const got = ring.read(START, START + 200_000, createColumns(10));
    expect([...got.last.subarray(0, got.length)]).toEqual([7]);
  });

  test('replaces a bucket by its newer state', () => {
    const ring = createRing(1_000, 100);
    ring.set(START, 1, 1, 1);
    ring.set(START, 2, 1, 2);
    const got = ring.read(START, START, createColumns(10));
    expect([got.length, got.last[0], got.min[0], got.max[0]]).toEqual([1, 2, 1, 2]);
  });

  test('folds finer buckets without losing an extreme, and takes last from the newest of them', () => {
    const ring = createRing(10_000, 720);
    ring.fold(START + 3_000, 5, 1, 9);
    ring.fold(START + 1_000, 4, 0, 4);
    ring.fold(START + 2_000, Number.NaN, Number.NaN, Number.NaN);
    const got = ring.read(START, START, createColumns(10));
    expect([got.length, got.last[0], got.min[0], got.max[0]]).toEqual([1, 5, 0, 9]);
  });

  test('holds nothing after it was cleared', () => {
    const ring = createRing(1_000, 100);
    ring.set(START, 1, 1, 1);
    ring.clear();
    expect(ring.read(0, START * 2, createColumns(10)).length).toBe(0);
    expect(ring.newest()).toBe(0);
  });
});
