import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Sample } from '../../src/metrics/sample.ts';
import { Series } from '../../src/metrics/series.ts';
import type { Bucket } from '../../src/metrics/tier.ts';

const START = 1_790_000_000_000;

const counter = (time: number, value: number | null): Sample => ({
  ...{ topic: 't', metric: 'm', labels: {}, time, value, arrival: time },
  ...{ kind: 'counter', intervalMs: 1_000, isEnded: false },
});

function ratesOf(samples: readonly Sample[]): Record<number, string> {
  const [first] = samples;
  if (first === undefined) return {};
  const series = new Series(0, first);
  for (const sample of samples) series.take(sample);
  const bucket: Bucket = { last: 0, min: 0, max: 0 };
  const rates: Record<number, string> = {};
  for (const [index, tier] of series.tiers.entries()) {
    for (let slot = tier.newestSlot - 100; slot <= tier.newestSlot; slot++) {
      if (tier.read(slot, bucket)) rates[index * 1e12 + slot] = `${bucket.last} ${bucket.min} ${bucket.max}`;
    }
  }
  return rates;
}

function rateAt(samples: readonly Sample[], time: number): number | undefined {
  const [first] = samples;
  if (first === undefined) return undefined;
  const series = new Series(0, first);
  for (const sample of samples) series.take(sample);
  const bucket: Bucket = { last: 0, min: 0, max: 0 };
  return series.tiers[0].read(Math.floor(time / 1_000), bucket) ? bucket.last : undefined;
}

describe('a counter', () => {
  test('is seen as its rate a second; the first sample has none', () => {
    const samples = [counter(START, 100), counter(START + 2_000, 150)];
    expect(rateAt(samples, START)).toBeNaN();
    expect(rateAt(samples, START + 2_000)).toBe(25);
  });

  test('that falls as time goes on was reset: it has counted from zero', () => {
    const samples = [counter(START, 100), counter(START + 1_000, 110), counter(START + 2_000, 4)];
    expect(rateAt(samples, START + 2_000)).toBe(4);
  });

  test('that falls because a sample is late was not reset', () => {
    const inOrder = [100, 110, 125, 131, 150].map((value, at) => counter(START + at * 1_000, value));
    const [a, b, c, d, e] = inOrder as [Sample, Sample, Sample, Sample, Sample];
    expect(ratesOf([a, b, d, e, c])).toEqual(ratesOf(inOrder));
  });

  test('has the same rates in every order of arrival, and with every sample twice', () => {
    const increments = fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 2, maxLength: 40 });
    fc.assert(
      fc.property(
        increments.chain((steps) => {
          let total = 0;
          const samples = steps.map((step, at) => {
            total = step === 13 ? 1 : total + step;
            return counter(START + at * 700, total);
          });
          return fc.tuple(
            fc.constant(samples),
            fc.shuffledSubarray([...samples, ...samples], { minLength: samples.length * 2 }),
          );
        }),
        ([inOrder, shuffledTwice]) => {
          expect(ratesOf(shuffledTwice)).toEqual(ratesOf(inOrder));
        },
      ),
    );
  });

  test('with heartbeats between has the same buckets in every order of arrival; rates reach across them', () => {
    const points = fc.array(fc.oneof(fc.integer({ min: 0, max: 50 }), fc.constant(null)), {
      minLength: 2,
      maxLength: 40,
    });
    fc.assert(
      fc.property(
        points.chain((steps) => {
          let total = 0;
          const samples = steps.map((step, at) => {
            if (step !== null) total = step === 13 ? 1 : total + step;
            return counter(START + at * 400, step === null ? null : total);
          });
          return fc.tuple(
            fc.constant(samples),
            fc.shuffledSubarray([...samples, ...samples], { minLength: samples.length * 2 }),
          );
        }),
        ([inOrder, shuffledTwice]) => {
          expect(ratesOf(shuffledTwice)).toEqual(ratesOf(inOrder));
        },
      ),
    );
    const across = [counter(START, 100), counter(START + 1_000, null), counter(START + 2_000, 150)];
    expect(rateAt(across, START + 1_000)).toBeNaN();
    expect(rateAt(across, START + 2_000)).toBe(25);
  });

  test('keeps in its wider buckets what its seconds said, also after those are gone', () => {
    const samples: Sample[] = [];
    for (let at = 0; at < 1_000; at++) samples.push(counter(START + at * 1_000, at === 500 ? 90_000 : at * 10));
    const [first] = samples as [Sample];
    const series = new Series(0, first);
    for (const sample of samples) series.take(sample);
    // A minute whose first seconds have left the finest tier.
    const oldest = series.tiers[0].oldestSlot;
    const minute = Math.floor(oldest / 60);
    const bucket: Bucket = { last: 0, min: 0, max: 0 };
    expect(series.tiers[2].read(minute, bucket)).toBe(true);
    expect([bucket.min, bucket.max]).toEqual([10, 10]);
    expect(series.tiers[2].read(Math.floor((START + 500_000) / 60_000), bucket)).toBe(true);
    expect(bucket.max).toBeGreaterThan(80_000);
  });
});
