import type { Delta } from '@tidewatch/schemas/delta';
import type { Selection } from '@tidewatch/schemas/scope';
import { createStreamDecoder } from '@tidewatch/schemas/wire/encoder';
import { describe, expect, test } from 'vitest';
import { BEAT_MS, RESUME_MS } from '../../src/publish/publisher.ts';
import { LOG_STEPS_MAX } from '../../src/publish/step-log.ts';
import { CHECKSUM_EVERY_MS } from '../../src/publish/stream.ts';
import { createPublishKit, heldBy, type TestClient, TOPIC, truthOf } from './publish-kit.ts';

const EU: Selection = { scope: [{ region: 'eu' }], metrics: null };
const US: Selection = { scope: [{ region: 'us' }], metrics: null };

function deltasOf({ payloads }: TestClient): Delta[] {
  const decoder = createStreamDecoder('json');
  return payloads.flatMap((payload) => {
    const frame = decoder.decode(payload);
    return frame.kind === 'delta' ? [frame.delta] : [];
  });
}

describe('encoding', () => {
  test('a tick is encoded once, whoever listens, and all get the very same payload', () => {
    const kit = createPublishKit();
    kit.take({});
    const crowd = Array.from({ length: 100 }, () => kit.client().join());
    kit.calls.delta = 0;
    for (let second = 0; second < 5; second++) {
      kit.take({});
      kit.pass(1_000);
    }
    expect(kit.calls.delta).toBe(5);
    const [first] = crowd;
    for (const one of crowd) {
      expect(one.ticks).toHaveLength(5);
      expect(one.payloads.slice(1).every((payload, at) => payload === first?.payloads[at + 1])).toBe(true);
    }
  });

  test('all who lag at the same number share one merged delta', () => {
    const kit = createPublishKit();
    kit.take({});
    kit.client().join();
    const slow = Array.from({ length: 50 }, () => kit.client().join());
    for (const one of slow) one.skip(true);
    for (let second = 0; second < 5; second++) {
      kit.take({ value: second });
      kit.pass(1_000);
    }
    for (const one of slow) one.skip(false);
    kit.calls.merged = 0;
    kit.take({});
    kit.pass(1_000);
    expect(kit.calls.merged).toBe(1);
    for (const one of slow) expect(heldBy(one)).toEqual(truthOf(kit, one.selection, 1_000));
  });

  test('without listeners nothing is encoded, and after a while nothing is numbered', () => {
    const kit = createPublishKit();
    const one = kit.client().join();
    one.leave();
    const before = { ...kit.calls };
    kit.take({});
    kit.touched();
    kit.pass(RESUME_MS - 1_000);
    expect(kit.metrics.topic(TOPIC)?.isTracked).toBe(true);
    kit.pass(2_000);
    expect(kit.calls).toEqual(before);
    expect(kit.metrics.topic(TOPIC)?.isTracked).toBe(false);
    expect(kit.publisher.stats()).toMatchObject({ tracked_topics: 0, streams: 0 });
  });

  test('a checksum travels about every 30 s', () => {
    const kit = createPublishKit();
    const one = kit.client({ subprotocol: 'json' }).join();
    for (let second = 0; second < 95; second++) {
      kit.take({ value: second });
      kit.pass(1_000);
    }
    expect(deltasOf(one).filter(({ checksum }) => checksum !== null)).toHaveLength(
      Math.floor(95_000 / CHECKSUM_EVERY_MS),
    );
    expect(one.replica.counts).toMatchObject({ proven: 3, checksum: 0 });
  });
});

describe('the beat', () => {
  test('the first change after quiet goes out at once, as such', () => {
    const kit = createPublishKit();
    const one = kit.client().join();
    kit.pass(5_000);
    kit.take({});
    kit.touched();
    expect(one.ticks.map(({ isLeading }) => isLeading)).toEqual([true]);
  });

  test.each([0.2, 1, 10] as const)('at %d Hz no more ticks come than that, however much changes', (rate) => {
    const kit = createPublishKit();
    const one = kit.client({ rate }).join();
    for (let gone = 0; gone < 20_000; gone += BEAT_MS) {
      kit.take({ value: gone });
      kit.touched();
      kit.pass(BEAT_MS);
    }
    expect(one.ticks.length).toBeGreaterThanOrEqual(20 * rate);
    expect(one.ticks.length).toBeLessThanOrEqual(20 * rate + 1);
  });

  test('a series that says the same value is told again: it was heard', () => {
    const kit = createPublishKit();
    const one = kit.client({ subprotocol: 'json' }).join();
    for (let at = 0; at < 3; at++) {
      kit.take({ value: 7 });
      kit.pass(1_000);
    }
    expect(deltasOf(one).filter(({ buckets }) => buckets.length > 0)).toHaveLength(3);
  });

  test('a slow rate folds whole seconds and hides no extreme', () => {
    const kit = createPublishKit();
    kit.pass(5_000 - (kit.now() % 5_000));
    const one = kit.client({ rate: 0.2, subprotocol: 'json' }).join();
    const start = kit.now();
    for (const value of [5, 100, -3, 6, 4]) {
      kit.take({ value });
      kit.pass(1_000);
    }
    kit.pass(5_000);
    expect(one.extremes.get(`0 ${start}`)).toEqual([-3, 100]);
  });

  test('the age of what came late is told, so that nothing old looks current', () => {
    const kit = createPublishKit();
    const one = kit.client({ subprotocol: 'json' }).join();
    kit.take({ arrival: kit.now() - 8_000 });
    kit.pass(1_000);
    const [age] = deltasOf(one).flatMap(({ ages }) => ages);
    expect(age?.[0]).toBe(0);
    expect(kit.now() - (one.replica.seriesById.get(0)?.arrival ?? 0)).toBeGreaterThanOrEqual(8_000);
  });
});

describe('coming back', () => {
  test('what was missed comes as one merged delta', () => {
    const kit = createPublishKit();
    kit.take({});
    const one = kit.client().join();
    one.leave();
    for (let second = 0; second < 20; second++) {
      kit.take({ value: second });
      kit.pass(1_000);
    }
    one.join();
    expect(one.how).toBe('resumed');
    expect(heldBy(one)).toEqual(truthOf(kit, one.selection, 1_000));
    expect(one.replica.counts.snapshots).toBe(1);
    expect([...one.extremes.values()].map(([min]) => min)).toContain(11);
  });

  test('a snapshot comes where the log no longer reaches, and the client is told', () => {
    const kit = createPublishKit();
    const other = kit.client({ rate: 10 }).join();
    const one = kit.client().join();
    one.leave();
    for (let at = 0; at <= LOG_STEPS_MAX + 1; at++) {
      kit.take({ value: at });
      kit.pass(BEAT_MS);
    }
    one.join();
    expect(one.how).toBe('snapshot');
    expect(heldBy(one)).toEqual(truthOf(kit, one.selection, 1_000));
    expect(other.faults).toEqual([]);
  });

  test('nobody goes on with the series of another scope', () => {
    const kit = createPublishKit();
    kit.take({ labels: { region: 'eu' } });
    kit.take({ labels: { region: 'us' } });
    const eu = kit.client({ selection: EU }).join();
    const us = kit.client({ selection: US }).join(eu.replica.resumePoint());
    expect(us.how).toBe('snapshot');
    expect([...us.replica.seriesById.keys()]).toEqual([1]);
  });

  test('another rate of the same width goes on, another width starts over', () => {
    const kit = createPublishKit();
    kit.take({});
    const one = kit.client({ rate: 1 }).join();
    one.rate(10);
    expect(one.how).toBe('resumed');
    one.rate(0.5);
    expect(one.how).toBe('snapshot');
    kit.take({ value: 3 });
    kit.pass(4_000);
    expect(one.faults).toEqual([]);
    expect(heldBy(one)).toEqual(truthOf(kit, one.selection, 2_000));
  });
});

describe('a series that retires', () => {
  test('leaves every replica that held it, also one that resumes on a stream made later, and nobody else is told', () => {
    const kit = createPublishKit();
    kit.take({ labels: { region: 'eu' } });
    kit.take({ labels: { region: 'us' } });
    const gone = kit.client({ selection: EU, subprotocol: 'json' }).join();
    const us = kit.client({ selection: US, subprotocol: 'json' }).join();
    gone.leave();
    // A day passes for the sweep alone.
    kit.metrics.sweep(kit.now() + 86_400_001, () => null);
    kit.take({ labels: { region: 'us', host: 'new' } });
    kit.pass(1_000);
    gone.join();
    expect(gone.how).toBe('resumed');
    expect([...gone.replica.seriesById.keys()]).toEqual([]);
    expect(us.faults).toEqual([]);
    expect(deltasOf(us).flatMap(({ retired }) => retired)).toEqual([1]);
    expect(deltasOf(gone).flatMap(({ retired }) => retired)).toEqual([0]);
  });
});
