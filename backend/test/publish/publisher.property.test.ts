// Whatever samples, ticks, joins, rates, selections, skipped ticks and resumes come in whatever order: once quiet every
// replica equals the server, its checksums held, no extreme was hidden, and nothing outside its selection was sent.
import { RATES_HZ, stepMsOfRate } from '@tidewatch/schemas/rate';
import type { Selection } from '@tidewatch/schemas/scope';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createPublishKit, heldBy, type PublishKit, START, type TestClient, truthOf } from './publish-kit.ts';

const REGIONS = ['eu', 'us'] as const;
const SELECTIONS: readonly Selection[] = [
  { scope: 'all', metrics: null },
  { scope: [{ region: 'eu' }], metrics: null },
  { scope: 'all', metrics: ['m0', 'm2'] },
  { scope: [{ region: 'us' }], metrics: ['m1', 'm3'] },
  { scope: [], metrics: null },
];
const CLIENTS = 5;

const value = fc.oneof(
  fc.integer({ min: -500, max: 500 }).map((n) => n / 10),
  fc.constantFrom(0, -0, null, 51.846000000000004, 5e-324, 1.7e308),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
);
const emit = fc.record({
  do: fc.constant('emit' as const),
  series: fc.nat(7),
  value,
  /** A counter counts on by the value, or falls to it. */
  isReset: fc.boolean(),
  lateMs: fc.constantFrom(0, 0, 0, 130, 900, 4_000, 41_000, 2_000_000),
  times: fc.integer({ min: 1, max: 3 }),
  isTouched: fc.boolean(),
  isEnded: fc.constantFrom(false, false, false, true),
});
const client = fc.nat(CLIENTS - 1);
const step = fc.oneof(
  { weight: 10, arbitrary: emit },
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant('pass' as const), ms: fc.constantFrom(50, 100, 350, 1_000, 2_500, 31_000) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('join' as const), client }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('leave' as const), client }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('skip' as const), client, isOn: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('rate' as const), client, rate: fc.constantFrom(...RATES_HZ) }) },
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;
const clientOf = fc.record({
  rate: fc.constantFrom(...RATES_HZ),
  selection: fc.constantFrom(...SELECTIONS),
  subprotocol: fc.constantFrom('binary' as const, 'json' as const),
});

function act(kit: PublishKit, clients: readonly TestClient[], totals: number[], step: Step): void {
  switch (step.do) {
    case 'emit': {
      const isCounter = step.series >= 6;
      const labels = { region: REGIONS[step.series % 2] ?? 'eu', host: `h${step.series}` };
      const amount = Math.abs(step.value ?? 0) % 1_000;
      const total = step.isReset ? amount : (totals[step.series] ?? 0) + amount;
      if (isCounter) totals[step.series] = total;
      for (let again = 0; again < step.times; again++) {
        kit.take({
          metric: `m${step.series % 4}`,
          labels,
          time: kit.now() - step.lateMs,
          value: isCounter && step.value !== null ? total : step.value,
          kind: isCounter ? 'counter' : 'gauge',
          // Half of them say how often they speak, the others are learned.
          intervalMs: step.series % 3 === 0 ? 1_000 : undefined,
          isEnded: step.isEnded,
        });
      }
      if (step.isTouched) kit.touched();
      break;
    }
    case 'pass':
      kit.pass(step.ms);
      break;
    case 'join':
      clients[step.client]?.join();
      break;
    case 'leave':
      clients[step.client]?.leave();
      break;
    case 'skip':
      clients[step.client]?.skip(step.isOn);
      break;
    case 'rate':
      clients[step.client]?.rate(step.rate);
  }
}

test('every replica equals the server once it is quiet, proves it, and holds nothing outside its selection', () => {
  let proven = 0;
  let resumed = 0;
  fc.assert(
    fc.property(
      fc.array(clientOf, { minLength: CLIENTS, maxLength: CLIENTS }),
      fc.array(step, { minLength: 10, maxLength: 80 }),
      (wanted, steps) => {
        const kit = createPublishKit();
        const clients = wanted.map((one) => kit.client(one));
        for (const one of clients.slice(0, 3)) one.join();
        const totals: number[] = [];
        for (const one of steps) act(kit, clients, totals, one);
        for (const one of clients) {
          one.skip(false);
          one.join();
          if (one.how === 'resumed') resumed += 1;
        }
        // Long enough for every tick, every state, and a checksum.
        for (let second = 0; second < 40; second++) {
          kit.take({ metric: 'm0', labels: { region: 'eu', host: 'h0' } });
          kit.pass(1_000);
        }
        // Quiet: the slowest rate ticks once more, and no state changes under it.
        kit.pass(6_000, false);
        for (const one of clients) {
          expect(one.faults).toEqual([]);
          expect(heldBy(one)).toEqual(truthOf(kit, one.selection, one.replica.stepMs));
          proven += one.replica.counts.proven;
        }
      },
    ),
    { numRuns: 300 },
  );
  expect(proven, 'hardly any checksum was compared').toBeGreaterThan(300);
  expect(resumed, 'hardly anybody resumed').toBeGreaterThan(100);
}, 120_000);

test('the extremes that a client can draw are those of the samples, whatever its rate and however many ticks it skips', () => {
  const sample = fc.record({
    series: fc.nat(2),
    value: fc.oneof(fc.integer({ min: -50, max: 50 }), fc.constant(null)),
    afterMs: fc.constantFrom(0, 20, 70, 240, 900, 3_000),
    lateMs: fc.constantFrom(0, 0, 400, 5_000),
    isSkipping: fc.boolean(),
  });
  fc.assert(
    fc.property(
      fc.constantFrom(...RATES_HZ),
      fc.constantFrom('binary' as const, 'json' as const),
      fc.array(sample, { minLength: 1, maxLength: 50 }),
      (rate, subprotocol, samples) => {
        const kit = createPublishKit();
        kit.pass(10_000);
        const one = kit.client({ rate, subprotocol }).join();
        const stepMs = stepMsOfRate(rate);
        const expected = new Map<string, [number, number]>();
        for (const { series, value: number, afterMs, lateMs, isSkipping } of samples) {
          one.skip(isSkipping);
          kit.pass(Math.round(afterMs / 50) * 50);
          const time = kit.now() - lateMs;
          kit.take({ metric: `m${series}`, time, value: number });
          const id = kit.metrics.topic('shop.cart')?.find(`m${series}`, {})?.def.id;
          const key = `${id} ${Math.floor(time / stepMs) * stepMs}`;
          const [min, max] = expected.get(key) ?? [Number.NaN, Number.NaN];
          if (number === null) expected.set(key, [min, max]);
          else
            expected.set(key, [
              Number.isNaN(min) ? number : Math.min(min, number),
              Number.isNaN(max) ? number : Math.max(max, number),
            ]);
        }
        one.skip(false);
        kit.take({ metric: 'last' });
        kit.pass(6_000);
        const drawn = [...one.extremes].filter(([key]) => expected.has(key));
        const text = (entries: Iterable<readonly [string, readonly [number, number]]>) =>
          Object.fromEntries([...entries].map(([key, [min, max]]) => [key, `${min} ${max}`]));
        expect(text(drawn)).toEqual(text(expected));
        expect(one.faults).toEqual([]);
        expect(kit.now()).toBeGreaterThan(START);
      },
    ),
    { numRuns: 300 },
  );
}, 60_000);
