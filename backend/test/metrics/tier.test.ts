import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SERIES_MAX_BYTES } from '../../src/metrics/series.ts';
import { type Bucket, Tier } from '../../src/metrics/tier.ts';

const STEP_MS = 1_000;
const SLOTS = 900;
const START = 1_790_000_000_000;

const value = fc.oneof(
  fc.constant(Number.NaN),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom(0, -0, 1),
);
const time = fc.oneof(
  fc.integer({ min: START, max: START + 1_200_000 }),
  // Few enough that several samples have one time.
  fc.integer({ min: START, max: START + 5 }),
);
const sample = fc.record({ time, value });

function allOf(tier: Tier): Record<number, string> {
  const bucket: Bucket = { last: 0, min: 0, max: 0 };
  const all: Record<number, string> = {};
  for (let slot = tier.oldestSlot; slot <= tier.newestSlot; slot++) {
    if (tier.read(slot, bucket)) all[slot] = [bucket.last, bucket.min, bucket.max].map(bits).join(' ');
  }
  return all;
}

function bits(number: number): string {
  return Number.isNaN(number) ? 'NaN' : Object.is(number, -0) ? '-0' : String(number);
}

function filled(samples: readonly { time: number; value: number }[]): Tier {
  const tier = new Tier(STEP_MS, SLOTS);
  // The window is where the newest sample puts it, whatever came first.
  const newest = Math.max(...samples.map(({ time }) => time));
  for (const { time, value: number } of samples) {
    if (Math.floor(time / STEP_MS) > Math.floor(newest / STEP_MS) - SLOTS) tier.merge(time, number);
  }
  return tier;
}

describe('a tier', () => {
  test('ends the same whatever the order of samples and however often they come', () => {
    fc.assert(
      fc.property(
        fc
          .array(sample, { minLength: 1, maxLength: 60 })
          .chain((samples) =>
            fc.tuple(
              fc.constant(samples),
              fc.shuffledSubarray([...samples, ...samples, ...samples], { minLength: samples.length * 3 }),
            ),
          ),
        ([once, thriceShuffled]) => {
          expect(allOf(filled(thriceShuffled))).toEqual(allOf(filled(once)));
        },
      ),
    );
  });

  test('keeps last by sample time, and the extremes of all values', () => {
    fc.assert(
      fc.property(fc.array(sample, { minLength: 1, maxLength: 80 }), (samples) => {
        const tier = filled(samples);
        const bucket: Bucket = { last: 0, min: 0, max: 0 };
        for (let slot = tier.oldestSlot; slot <= tier.newestSlot; slot++) {
          const inside = samples.filter(({ time }) => Math.floor(time / STEP_MS) === slot);
          expect(tier.read(slot, bucket)).toBe(inside.length > 0);
          if (inside.length === 0) continue;
          const numbers = inside.map((one) => one.value).filter((one) => !Number.isNaN(one));
          const newest = Math.max(...inside.map(({ time }) => time));
          const lasts = inside.filter(({ time }) => time === newest).map((one) => one.value);
          expect(lasts.some((one) => one === bucket.last || (Number.isNaN(one) && Number.isNaN(bucket.last)))).toBe(
            true,
          );
          expect(bucket.min === (numbers.length > 0 ? Math.min(...numbers) : Number.NaN) || numbers.length === 0).toBe(
            true,
          );
          expect(bucket.max === Math.max(...numbers) || numbers.length === 0).toBe(true);
        }
      }),
    );
  });

  test('folding seconds says the same as merging their samples into a wider tier', () => {
    fc.assert(
      fc.property(fc.array(sample, { minLength: 1, maxLength: 60 }), (samples) => {
        const seconds = filled(samples);
        const fives = new Tier(5_000, SLOTS);
        const newest = Math.max(...samples.map(({ time }) => time));
        for (const { time, value: number } of samples) {
          if (Math.floor(time / STEP_MS) > Math.floor(newest / STEP_MS) - SLOTS) fives.merge(time, number);
        }
        const [a, b]: [Bucket, Bucket] = [
          { last: 0, min: 0, max: 0 },
          { last: 0, min: 0, max: 0 },
        ];
        for (let slot = fives.oldestSlot; slot <= fives.newestSlot; slot++) {
          // The wider window reaches further back than the seconds do.
          if (slot * 5 < seconds.oldestSlot) continue;
          expect(seconds.fold(slot * 5, 5, a)).toBe(fives.read(slot, b));
          if (fives.has(slot)) expect([a.last, a.min, a.max].map(bits)).toEqual([b.last, b.min, b.max].map(bits));
        }
      }),
    );
  });

  test('what is older than the window is refused and changes nothing', () => {
    const tier = new Tier(STEP_MS, 10);
    tier.merge(START + 20_000, 1);
    expect(tier.merge(START + 10_000, 2)).toBe(false);
    expect(tier.merge(START + 11_000, 3)).toBe(true);
    expect(Object.keys(allOf(tier))).toHaveLength(2);
  });

  test('a series with full history stays within 80 KB, and one that begins takes little', () => {
    expect(SERIES_MAX_BYTES).toBeLessThanOrEqual(80_000);
    const tier = new Tier(STEP_MS, 900);
    tier.merge(START, 1);
    expect(tier.bytes).toBeLessThan(1_000);
    for (let at = 0; at < 2_000; at++) tier.merge(START + at * STEP_MS, at);
    expect(tier.bytes).toBe(900 * 26);
  });
});
