import { RecordSample } from '@tidewatch/schemas/record';
import { isTopic } from '@tidewatch/schemas/topic';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createShop, type ShopRecord } from '../shop.ts';

const NOON = Date.UTC(2026, 0, 15, 12);
const MINUTE_MS = 60_000;
const shop = createShop({ seed: 1 });
const quarter = shop.recordsBetween(NOON - 15 * MINUTE_MS, NOON);

interface Batch {
  time: number;
  emitter: string;
  samples: { metric: string; value?: number | null; kind?: string; labels: object; ended?: boolean }[];
}
const batches = (records: ShopRecord[]): (Batch & { topic: string })[] =>
  records.filter(({ value }) => value.startsWith('{"time"')).map((r) => ({ topic: r.topic, ...JSON.parse(r.value) }));

describe('the simulated shop', () => {
  test('sends the same records for the same time, however the time is cut', () => {
    const cut = fc.array(fc.integer({ min: 1, max: 9_999 }), { maxLength: 12 });
    fc.assert(
      fc.property(cut, (points) => {
        const marks = [...new Set([0, ...points, 10_000])].sort((a, b) => a - b);
        const parts = marks.slice(1).flatMap((to, i) => shop.recordsBetween(NOON + (marks[i] ?? 0), NOON + to));
        expect(parts).toEqual(shop.recordsBetween(NOON, NOON + 10_000));
      }),
      { numRuns: 30 },
    );
  });

  test('measures twenty topics at once a second, most of them of several series', () => {
    expect(shop.topics).toHaveLength(20);
    expect(shop.topics.every(isTopic)).toBe(true);
    const checkout = batches(quarter).filter(({ topic }) => topic === 'shop.checkout');
    expect(checkout).toHaveLength(15 * 60);
    expect(checkout.every(({ samples }) => samples.length === 22)).toBe(true);
  });

  test('sends what the record schema takes, but for the few that are meant not to decode', () => {
    const seen = new Set<string>();
    for (const { topic, samples } of batches(quarter)) {
      for (const sample of samples) {
        const known = `${topic} ${sample.metric} ${typeof sample.value}`;
        if (seen.has(known)) continue;
        seen.add(known);
        expect(RecordSample.safeParse(sample).error, JSON.stringify(sample)).toBeUndefined();
      }
    }
    expect(seen.size).toBeGreaterThan(60);
    const bad = quarter.filter(({ value }) => !value.startsWith('{"time"'));
    expect(new Set(bad.map(({ emitter }) => emitter))).toEqual(new Set(['mobile-gateway']));
    expect(bad.length).toBeGreaterThan(30);
  });

  test('a counter falls only when its process starts anew, and then to nearly nothing', () => {
    const last = new Map<string, number>();
    let restarts = 0;
    for (const { topic, samples } of batches(quarter)) {
      for (const { metric, labels, kind, value } of samples) {
        if (kind !== 'counter' || typeof value !== 'number') continue;
        const series = `${topic} ${metric} ${JSON.stringify(labels)}`;
        const before = last.get(series) ?? 0;
        if (value < before) {
          restarts++;
          expect(value, series).toBeLessThan(before / 10);
        }
        last.set(series, value);
      }
    }
    expect(last.size).toBeGreaterThan(20);
    expect(restarts).toBeLessThan(10);
  });

  test('one emitter falls silent for a while and comes back, one has moments without a value, one series ends', () => {
    const south = batches(quarter).filter(({ emitter }) => emitter === 'gps-south');
    const gaps = south.slice(1).map(({ time }, i) => time - (south[i]?.time ?? 0));
    expect(gaps.filter((gap) => gap > 60_000).length).toBeGreaterThanOrEqual(1);
    const values = (name: string) =>
      batches(quarter).flatMap(({ emitter, samples }) => (emitter === name ? samples : []));
    expect(values('stock-scanner').some(({ value }) => value === null)).toBe(true);
    const hour = shop.recordsBetween(NOON - 25 * MINUTE_MS, NOON);
    expect(batches(hour).some(({ samples }) => samples.some(({ ended }) => ended))).toBe(true);
  });

  test('as many topics and series as asked for', () => {
    const wide = createShop({ seed: 1, topicCount: 45, seriesPerTopic: 50 });
    expect(new Set(wide.topics).size).toBe(45);
    expect(wide.seriesCount).toBe(45 * 50);
  });
});
