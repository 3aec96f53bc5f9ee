import type { Delta } from '@tidewatch/schemas/delta';
import type { SeriesDef } from '@tidewatch/schemas/series';
import type { Snapshot, SnapshotSeries } from '@tidewatch/schemas/snapshot';
import { describe, expect, test } from 'vitest';
import { createColumns } from '#lib/live/columns.ts';
import { createSeriesStore } from '#lib/live/series-store.ts';

const START = 1_764_000_000_000;
const def = (id: number, host: string): SeriesDef => ({
  id,
  metric: 'latency',
  labels: { host },
  kind: 'gauge',
  unit: 'ms',
  description: '',
  intervalMs: 1_000,
  isIntervalDeclared: true,
  emitter: '',
});
const row = (id: number, host: string, second: number, value: number): SnapshotSeries => ({
  def: def(id, host),
  state: 'fresh',
  arrival: START + second * 1_000,
  time: START + second * 1_000,
  last: value,
  min: value,
  max: value,
});
const snapshot = (...series: SnapshotSeries[]): Snapshot => ({
  topicId: 1,
  epoch: 'e',
  seq: 1,
  at: START,
  stepMs: 1_000,
  series,
});
const delta = (second: number, values: [number, number][], more: Partial<Delta> = {}): Delta => {
  const numbers = values.map(([, value]) => value);
  const at = START + second * 1_000;
  const buckets = [{ time: at, series: values.map(([id]) => id), last: numbers, min: numbers, max: numbers }];
  return {
    topicId: 1,
    from: 1,
    to: 2,
    at,
    defs: [],
    retired: [],
    states: [],
    ages: [],
    buckets,
    checksum: null,
    ...more,
  };
};
const read = (store: ReturnType<typeof createSeriesStore>, host: string, stepMs: 1_000 | 10_000 = 1_000) => {
  const series = [...store.byKey.values()].find((s) => s.def.labels.host === host);
  const columns = createColumns(2_000);
  series?.rings.get(stepMs)?.read(0, START * 2, columns);
  return [...columns.last.subarray(0, columns.length)];
};

describe('what is known of a topic', () => {
  test('is a line across snapshot, delta and history, in any order and with overlaps', () => {
    const store = createSeriesStore();
    store.snapshot(snapshot(row(0, 'a', 10, 10)));
    store.delta(delta(11, [[0, 11]]));
    const seconds = [8, 9, 10];
    const time = seconds.map((s) => START + s * 1_000);
    store.history({
      topicId: 1,
      request: 1,
      epoch: 'e',
      seq: 2,
      stepMs: 1_000,
      from: START,
      to: START + 11_000,
      completeFrom: START,
      series: [{ id: 0, time, last: seconds, min: seconds, max: seconds }],
    });
    store.delta(delta(11, [[0, 11.5]]));
    expect(read(store, 'a')).toEqual([8, 9, 10, 11.5]);
  });

  test('keeps its lines through a new epoch, where ids mean other series', () => {
    const store = createSeriesStore();
    store.snapshot(snapshot(row(0, 'a', 1, 1), row(1, 'b', 1, 100)));
    store.snapshot(snapshot(row(0, 'b', 2, 200), row(1, 'a', 2, 2)));
    store.delta(
      delta(3, [
        [0, 300],
        [1, 3],
      ]),
    );
    expect(read(store, 'a')).toEqual([1, 2, 3]);
    expect(read(store, 'b')).toEqual([100, 200, 300]);
  });

  test('drops what a snapshot no longer has and what a delta retires', () => {
    const store = createSeriesStore();
    store.snapshot(snapshot(row(0, 'a', 1, 1), row(1, 'b', 1, 1), row(2, 'c', 1, 1)));
    expect(store.snapshot(snapshot(row(0, 'a', 2, 2), row(1, 'b', 2, 2)))).toBe(true);
    expect(store.delta(delta(3, [], { retired: [1] }))).toBe(true);
    expect([...store.byKey.values()].map((series) => series.def.labels.host)).toEqual(['a']);
  });

  test('takes the age of late samples from the delta', () => {
    const store = createSeriesStore();
    store.snapshot(snapshot(row(0, 'a', 1, 1)));
    store.delta(delta(20, [[0, 5]], { ages: [[0, 4_000]], states: [[0, 'lagging']] }));
    const [series] = store.byKey.values();
    expect([series?.arrival, series?.state]).toEqual([START + 16_000, 'lagging']);
  });

  test('folds live buckets into wider ones without losing an extreme', () => {
    const store = createSeriesStore();
    store.keep(10_000);
    store.snapshot(snapshot(row(0, 'a', 0, 1)));
    for (let second = 1; second < 15; second++) store.delta(delta(second, [[0, second]]));
    expect(read(store, 'a', 10_000)).toEqual([9, 14]);
  });

  test('counts samples once, however often their bucket is told', () => {
    const store = createSeriesStore();
    store.snapshot(snapshot(row(0, 'a', 0, 1)));
    const before = store.taken();
    store.delta(delta(1, [[0, 1]]));
    store.delta(delta(1, [[0, 2]]));
    expect(store.taken() - before).toBe(1);
  });

  test('is gone after a revoke: no value, no line, even for those who still hold the series', () => {
    const store = createSeriesStore();
    store.snapshot(snapshot(row(0, 'a', 1, 42)));
    const [held] = store.byKey.values();
    store.clear();
    expect(store.byKey.size).toBe(0);
    expect(held?.last).toBeNaN();
    expect(held?.rings.get(1_000)?.read(0, START * 2, createColumns(10)).length).toBe(0);
  });
});
