import { expect, test } from 'vitest';
import type { Clock } from '../../src/clock.ts';
import { createSelfWatch } from '../../src/telemetry/self-watch.ts';
import type { Reading } from '../../src/telemetry/stage-counters.ts';

/** A clock whose one timer is beaten by the test. */
function handClock(): Clock & { beat(): void } {
  let call = () => {};
  return {
    now: () => 1_000,
    monotonic: () => 0,
    after: () => ({ stop() {} }),
    every(_ms, again) {
      call = again;
      return { stop: () => (call = () => {}) };
    },
    beat: () => call(),
  };
}

test('counters of every stage become readings named by stage, and what is no number is left out', async () => {
  const seen: Reading[][] = [];
  const clock = handClock();
  const watch = createSelfWatch({
    clock,
    stages: { ingest: () => ({ records_total: 7, broken: Number.NaN }), session: () => ({ open: 2, queued_bytes: 9 }) },
    onReadings: (readings) => seen.push([...readings]),
  });
  clock.beat();
  expect(seen).toEqual([
    [
      { name: 'ingest_records_total', kind: 'counter', value: 7, unit: '' },
      { name: 'session_open', kind: 'gauge', value: 2, unit: '' },
      { name: 'session_queued_bytes', kind: 'gauge', value: 9, unit: 'By' },
    ],
  ]);
  expect(await watch.prometheus()).toContain('tidewatch_ingest_records_total 7');
  watch.stop();
  clock.beat();
  expect(seen).toHaveLength(1);
});
