// The hand-written check is the schema: nothing passes one and not the other.
import { RecordSample } from '@tidewatch/schemas/record';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkSample } from '../../src/ingest/check-sample.ts';

const text = (max: number) =>
  fc.oneof(
    fc.string({ maxLength: 12, unit: 'binary' }),
    fc.constantFrom('', '__proto__', 'constructor', 'ms', 'sparse', '1s', '1m30s', '0s', '500ms', 'NaN', '12'),
    fc.constantFrom(max, max + 1).map((length) => 'x'.repeat(length)),
  );
const dates = fc.oneof(
  fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
  fc.constantFrom(
    ...['2026-02-29T00:00:00Z', '2028-02-29T00:00:00Z', '2026-01-01T24:00:00Z', '2026-01-01T00:00:60Z'],
    ...['2026-01-01T00:00:00+05:30', '2026-01-01T00:00:00+0530', '2026-01-01T00:00:00.123456789Z', '2026-01-01'],
    ...['2026-01-01 00:00:00Z', '2026-01-01T00:00:00', '2026-01-01T00:00Z', '2026-13-01T00:00:00Z', '1763970000000'],
  ),
);
const number = fc.oneof(fc.double(), fc.integer(), fc.constantFrom(0, -0, 1e308, 2 ** 53, Number.POSITIVE_INFINITY));
const junk = fc.oneof(fc.constant(null), fc.boolean(), number, text(64), fc.constant([]), fc.constant({}));
const labels = fc.oneof(
  fc.dictionary(text(120), fc.oneof({ weight: 9, arbitrary: text(1024) }, junk), { maxKeys: 4 }),
  fc.constantFrom(32, 33).map((count) => Object.fromEntries(Array.from({ length: count }, (_, at) => [`l${at}`, 'v']))),
  fc.constant(JSON.parse('{"__proto__":"x","a":"b"}') as object),
  fc.constant(JSON.parse('{"__proto__":5}') as object),
);
const orJunk = <T>(good: fc.Arbitrary<T>) => fc.oneof({ weight: 12, arbitrary: good }, { weight: 1, arbitrary: junk });

const sample = fc.record(
  {
    metric: orJunk(fc.oneof({ weight: 5, arbitrary: fc.constant('latency_ms') }, text(300))),
    value: orJunk(fc.oneof(number, fc.constant(null))),
    time: orJunk(fc.oneof(number, dates)),
    labels: orJunk(labels),
    unit: orJunk(text(64)),
    kind: orJunk(fc.constantFrom('gauge', 'counter')),
    interval: orJunk(fc.constantFrom('sparse', '1s', '500ms', '1m30s', '0s', '', '1 s', '99999999999999y')),
    description: orJunk(text(500)),
    emitter: orJunk(text(200)),
    ended: orJunk(fc.boolean()),
    topic: fc.constant('a'),
    ['__proto__']: fc.constant('x'),
  },
  { requiredKeys: [] },
);
// Most samples have no field too many, or none would pass.
const likely = fc
  .tuple(sample, fc.integer({ min: 0, max: 19 }))
  .map(([whole, chance]) =>
    chance === 0
      ? whole
      : Object.fromEntries(Object.entries(whole).filter(([name]) => name !== 'topic' && name !== '__proto__')),
  );

test('finds a fault exactly where the schema does', () => {
  let good = 0;
  fc.assert(
    fc.property(fc.oneof({ weight: 20, arbitrary: likely }, { weight: 1, arbitrary: junk }), (json) => {
      const isGood = RecordSample.safeParse(json).success;
      if (isGood) good++;
      expect(checkSample(json) === null).toBe(isGood);
    }),
    { numRuns: 20_000 },
  );
  // Both outcomes are common, or this would prove nothing.
  expect(good).toBeGreaterThan(1_000);
  expect(good).toBeLessThan(19_000);
});

test('a field that JSON calls __proto__ is unknown like any other', () => {
  const json = JSON.parse('{"metric":"m","value":1,"__proto__":{"metric":"x"}}') as unknown;
  expect(RecordSample.safeParse(json).success).toBe(false);
  expect(checkSample(json)).toMatchObject({ field: '__proto__' });
});
