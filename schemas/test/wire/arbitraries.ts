// Snapshots, deltas and histories of every shape, for properties: all doubles, any text, any mix of what may be absent.
import type { BucketColumns, Delta } from '@tidewatch/schemas/delta';
import { SERIES_STATES } from '@tidewatch/schemas/freshness';
import type { History } from '@tidewatch/schemas/history';
import type { SeriesDef } from '@tidewatch/schemas/series';
import type { Snapshot, SnapshotSeries } from '@tidewatch/schemas/snapshot';
import fc from 'fast-check';

const BEGIN = 1_700_000_000_000;

/** Whole text without lone surrogates, which UTF-8 cannot hold. */
const text = fc.string({ unit: 'grapheme', maxLength: 12 });
/** Ingest drops a label called __proto__. */
const name = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }).filter((one) => one !== '__proto__');
export const anyDouble = fc.oneof(
  fc.double(),
  fc.double().map(Math.fround),
  fc.tuple(fc.integer(), fc.nat(6)).map(([whole, scale]) => whole / 10 ** scale),
  fc.tuple(fc.nat(100_000), fc.nat(20)).map(([whole, times]) => (whole / 1_000) * times * 1.1),
  fc.constantFrom(Number.NaN, 0, -0, 5e-324, -5e-324, 2 ** 53, -(2 ** 53), Infinity, -Infinity, 51.846000000000004),
);
const id = fc.oneof(fc.nat(40), fc.nat(20_000));
const ids = fc.uniqueArray(id, { maxLength: 30 }).map((all) => all.sort((a, b) => a - b));

const def = (seriesId: number): fc.Arbitrary<SeriesDef> =>
  fc.record({
    id: fc.constant(seriesId),
    metric: name,
    labels: fc.dictionary(fc.oneof(name, fc.constantFrom('toString', 'constructor')), text, {
      maxKeys: 5,
      noNullPrototype: true,
    }),
    kind: fc.constantFrom('gauge' as const, 'counter' as const),
    unit: text,
    description: text,
    intervalMs: fc.oneof(fc.constant(null), fc.nat(100_000), fc.double({ min: 0, max: 1e6, noNaN: true })),
    isIntervalDeclared: fc.boolean(),
    emitter: text,
  });
const state = fc.constantFrom(...SERIES_STATES);

const range = fc.oneof(
  anyDouble.map((last) => ({ last, min: last, max: last })),
  fc.record({ last: anyDouble, min: anyDouble, max: anyDouble }),
);

function columns(at: number, series: readonly number[]): fc.Arbitrary<BucketColumns> {
  const values = fc.array(range, { minLength: series.length, maxLength: series.length });
  return fc.tuple(fc.nat(20), values).map(([ago, rows]) => ({
    time: (Math.floor(at / 1_000) - ago) * 1_000,
    series,
    last: rows.map(({ last }) => last),
    min: rows.map(({ min }) => min),
    max: rows.map(({ max }) => max),
  }));
}

export const anyDelta: fc.Arbitrary<Delta> = fc
  .record({
    at: fc.nat(1_000_000).map((ms) => BEGIN + ms),
    from: fc.nat(5_000_000),
    steps: fc.integer({ min: 1, max: 99 }),
  })
  .chain(({ at, from, steps }) =>
    fc.record({
      topicId: fc.nat(5_000),
      from: fc.constant(from),
      to: fc.constant(from + steps),
      at: fc.constant(at),
      defs: ids.chain((all) => fc.tuple(...all.slice(0, 4).map(def))),
      retired: fc.array(id, { maxLength: 4 }),
      states: fc.array(fc.tuple(id, state), { maxLength: 4 }),
      ages: fc.array(fc.tuple(id, fc.nat(100_000)), { maxLength: 4 }),
      buckets: fc
        .array(
          ids.filter((all) => all.length > 0).chain((all) => columns(at, all)),
          { maxLength: 3 },
        )
        .map((groups) => [...new Map(groups.map((one) => [one.time, one])).values()].sort((a, b) => a.time - b.time)),
      checksum: fc.oneof(fc.constant(null), fc.nat(0xffffffff)),
    }),
  )
  // A series that left has no buckets.
  .map((delta) => {
    const alive = new Set(delta.buckets.flatMap(({ series }) => Array.from(series)));
    return { ...delta, retired: delta.retired.filter((one) => !alive.has(one)) };
  });

export const anySnapshot: fc.Arbitrary<Snapshot> = fc
  .record({ at: fc.nat(1_000_000).map((ms) => BEGIN + ms), ids, stepMs: fc.constantFrom(1_000, 2_000, 5_000) })
  .chain(({ at, ids: all, stepMs }) =>
    fc.record({
      topicId: fc.nat(5_000),
      epoch: text,
      seq: fc.nat(5_000_000),
      at: fc.constant(at),
      stepMs: fc.constant(stepMs),
      series: fc.tuple(
        ...all.map(
          (one): fc.Arbitrary<SnapshotSeries> =>
            fc
              .tuple(
                def(one),
                state,
                fc.oneof(
                  fc.constant(0),
                  fc.nat(9_000).map((ms) => at - ms),
                ),
                fc.option(fc.nat(900)),
                range,
              )
              .map(([definition, stateOf, arrival, ago, values]) => ({
                def: definition,
                state: stateOf,
                arrival,
                ...(ago === null
                  ? { time: 0, last: Number.NaN, min: Number.NaN, max: Number.NaN }
                  : { time: (Math.floor(at / stepMs) - ago) * stepMs, ...values }),
              })),
        ),
      ),
    }),
  );

export const anyHistory: fc.Arbitrary<History> = fc
  .record({ stepMs: fc.constantFrom(1_000 as const, 10_000 as const, 60_000 as const), ids })
  .chain(({ stepMs, ids: all }) =>
    fc.record({
      topicId: fc.nat(5_000),
      request: fc.nat(2 ** 31 - 1),
      epoch: text,
      seq: fc.nat(5_000_000),
      stepMs: fc.constant(stepMs),
      from: fc.constant(BEGIN),
      to: fc.constant(BEGIN + 900_000),
      completeFrom: fc.integer({ min: BEGIN - 1_000, max: BEGIN + 1_000 }),
      series: fc.tuple(
        ...all.slice(0, 4).map((one) =>
          fc
            .array(fc.tuple(fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 50 })), range), { maxLength: 50 })
            .map((points) => {
              let time = Math.floor(BEGIN / stepMs) * stepMs;
              const times = points.map(([steps]) => (time += steps * stepMs));
              const column = (key: 'last' | 'min' | 'max') => points.map(([, values]) => values[key]);
              return { id: one, time: times, last: column('last'), min: column('min'), max: column('max') };
            }),
        ),
      ),
    }),
  );

/** Plain arrays for typed ones, so that what is equal compares equal. */
export function plain(value: unknown): unknown {
  if (ArrayBuffer.isView(value)) return Array.from(value as unknown as ArrayLike<number>);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
}
