import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Cadence } from '../../src/metrics/cadence.ts';
import { COMPLETE_NEVER, createMetrics } from '../../src/metrics/metrics.ts';
import type { Sample } from '../../src/metrics/sample.ts';
import { TopicState } from '../../src/metrics/topic-state.ts';

const START = 1_790_000_000_000;
const CAPS = { seriesPerTopicMax: 3, seriesMax: 4, historyMaxBytes: 1e9 };

const gauge = (over: Partial<Sample> = {}): Sample => ({
  ...{ topic: 't', metric: 'm', labels: {}, time: START, value: 1, arrival: START },
  ...{ kind: 'gauge', isEnded: false },
  ...over,
});

function stateAfter(topic: TopicState, ms: number, deafSince: number | null = null): string | undefined {
  topic.sweep(START + ms, deafSince);
  return topic.seriesById[0]?.state;
}

function take(topic: TopicState, sample: Sample): void {
  topic.take(sample, topic.find(sample.metric, sample.labels));
}

describe('freshness', () => {
  test('a series of 1 s lags after 3 s and is stale after 15 s', () => {
    const topic = new TopicState('t');
    take(topic, gauge({ intervalMs: 1_000 }));
    expect(stateAfter(topic, 2_900)).toBe('fresh');
    expect(stateAfter(topic, 3_100)).toBe('lagging');
    expect(stateAfter(topic, 15_100)).toBe('stale');
    take(topic, gauge({ intervalMs: 1_000, time: START + 20_000, arrival: START + 20_000 }));
    expect(topic.seriesById[0]?.state).toBe('fresh');
  });

  test('a sparse series never goes stale, and one that has ended says so', () => {
    const topic = new TopicState('t');
    take(topic, gauge({ intervalMs: null }));
    expect(stateAfter(topic, 3_600_000)).toBe('fresh');
    take(topic, gauge({ intervalMs: null, isEnded: true, value: null, arrival: START + 1 }));
    expect(stateAfter(topic, 3_600_000)).toBe('ended');
  });

  test('while upstream is not live, timers stand still', () => {
    const topic = new TopicState('t');
    take(topic, gauge({ intervalMs: 1_000 }));
    topic.sweep(START, null);
    expect(stateAfter(topic, 1_000)).toBe('fresh');
    expect(stateAfter(topic, 60_000, START + 1_000)).toBe('fresh');
    expect(stateAfter(topic, 61_000)).toBe('fresh');
    expect(stateAfter(topic, 77_000)).toBe('stale');
  });

  test('a sender that delivers ten samples in a burst every 10 s does not flap', () => {
    const topic = new TopicState('t');
    const seen = new Set<string | undefined>();
    for (let burst = 0; burst < 12; burst++) {
      const arrival = START + burst * 10_000;
      for (let at = 0; at < 10; at++) take(topic, gauge({ time: arrival - 9_000 + at * 1_000, arrival: arrival + at }));
      for (let ms = 0; ms < 10_000; ms += 1_000) {
        topic.sweep(arrival + ms, null);
        if (burst > 2) seen.add(topic.seriesById[0]?.state);
      }
    }
    expect([...seen]).toEqual(['fresh']);
    expect(topic.seriesById[0]?.def.intervalMs).toBe(10_000);
  });

  test('a record that was old when it came does not look current, not even until the next sweep', () => {
    const topic = new TopicState('t');
    topic.sweep(START, null);
    take(topic, gauge({ intervalMs: 1_000, arrival: START - 60_000 }));
    expect(topic.seriesById[0]?.state).toBe('stale');
  });

  test('age counts from arrival, so a sample that was old when it came is not fresher than it is', () => {
    const topic = new TopicState('t');
    take(topic, gauge({ intervalMs: 1_000, time: START, arrival: START - 60_000 }));
    expect(stateAfter(topic, 0)).toBe('stale');
  });
});

describe('the end of a series', () => {
  test('is told by the newest sample time: neither a late nor a repeated sample takes it back, a newer one does', () => {
    const inOrder = [
      gauge({ intervalMs: 1_000, time: START }),
      gauge({ intervalMs: 1_000, time: START + 1_000 }),
      gauge({ intervalMs: 1_000, time: START + 2_000, value: null, isEnded: true }),
    ];
    fc.assert(
      fc.property(fc.shuffledSubarray([...inOrder, ...inOrder], { minLength: 6 }), (samples) => {
        const topic = new TopicState('t');
        for (const sample of samples) take(topic, sample);
        expect(topic.seriesById[0]?.state).toBe('ended');
        take(topic, gauge({ time: START + 3_000 }));
        expect(topic.seriesById[0]?.state).toBe('fresh');
      }),
    );
  });
});

describe('a topic', () => {
  test('finds the series of a sample in whatever order they come', () => {
    const labels = [{}, { a: '1' }, { a: '2' }, { a: '1', b: '1' }, { b: '1', a: '1', c: '' }];
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(2), fc.nat(4)), { maxLength: 60 }), (picks) => {
        const topic = new TopicState('t');
        for (const [metric, at] of picks) take(topic, gauge({ metric: `m${metric}`, labels: labels[at] ?? {} }));
        const expected = new Set(picks.map(([metric, at]) => `m${metric} ${at}`));
        expect(topic.seriesCount).toBe(expected.size);
        for (const [metric, at] of picks) {
          const { def } = topic.find(`m${metric}`, labels[at] ?? {}) ?? {};
          expect(def).toMatchObject({ metric: `m${metric}`, labels: labels[at] });
        }
      }),
    );
  });

  test('counts its series by state as they stand', () => {
    const topic = new TopicState('t');
    const silences = [0, 2_000, 5_000, 20_000];
    for (const [at, ago] of silences.entries())
      take(topic, gauge({ metric: `m${at}`, arrival: START - ago, intervalMs: 1_000 }));
    take(topic, gauge({ metric: 'over', isEnded: true }));
    topic.sweep(START, null);
    expect(topic.stateCounts()).toEqual([2, 1, 1, 1]);
    topic.sweep(START + 86_390_000, null);
    expect(topic.stateCounts()).toEqual([0, 0, 3, 1]);
    expect(topic.seriesCount).toBe(4);
  });

  test('says the words in use, also after a unit changed and a series retired', () => {
    const topic = new TopicState('t');
    take(topic, gauge({ metric: 'a', unit: 'ms' }));
    take(topic, gauge({ metric: 'b', unit: 'By', arrival: START + 1_000 }));
    expect(topic.vocabulary()).toEqual({ metrics: ['a', 'b'], units: ['By', 'ms'] });
    take(topic, gauge({ metric: 'b', unit: 's', arrival: START + 1_000 }));
    expect(topic.vocabulary().units).toEqual(['ms', 's']);
    topic.sweep(START + 86_400_500, null);
    expect(topic.vocabulary()).toEqual({ metrics: ['b'], units: ['s'] });
  });

  test('counts samples a second over the last ten', () => {
    const topic = new TopicState('t');
    for (let at = 0; at < 100; at++) take(topic, gauge({ arrival: START - 10_000 + at * 100 }));
    expect(topic.rate(START)).toBe(10);
    expect(topic.rate(START + 5_000)).toBe(5);
    expect(topic.rate(START + 60_000)).toBe(0);
  });

  test('marks nothing while nobody tracks it', () => {
    const topic = new TopicState('t');
    take(topic, gauge());
    expect(topic.drain()).toBeNull();
    topic.track();
    expect(topic.drain()).toBeNull();
    take(topic, gauge());
    expect([...(topic.drain()?.seconds.keys() ?? [])]).toEqual([START / 1_000]);
    expect(topic.drain()).toBeNull();
  });

  test('answers history of the tier that was asked for, only buckets with samples, [from, to)', () => {
    const topic = new TopicState('t');
    for (const at of [0, 1, 5, 30]) take(topic, gauge({ time: START + at * 1_000, value: at }));
    const [seconds] = topic.history([0, 99], START + 1_000, START + 30_000, 1_000);
    expect(seconds).toMatchObject({ id: 0, time: [START + 1_000, START + 5_000], last: [1, 5] });
    const [tens] = topic.history([0], START, START + 60_000, 10_000);
    expect(tens).toMatchObject({ time: [START, START + 30_000], last: [5, 30], min: [0, 30], max: [5, 30] });
  });
});

describe('cadence', () => {
  test('one outage is no cadence; a slower pace that lasts is', () => {
    const cadence = new Cadence();
    let time = START;
    const speak = (gap: number) => {
      time += gap;
      cadence.learn(time, time);
    };
    for (let at = 0; at < 20; at++) speak(1_000);
    expect(cadence.knownMs).toBe(1_000);
    speak(60_000);
    expect(cadence.knownMs).toBe(1_000);
    for (let at = 0; at < 3; at++) speak(1_000);
    expect(cadence.knownMs).toBe(1_000);
    for (let at = 0; at < 10; at++) speak(30_000);
    expect(cadence.knownMs).toBe(30_000);
  });
});

describe('caps', () => {
  test('a series too many is refused by the name of the cap, and counted; known series go on', () => {
    const metrics = createMetrics({ caps: CAPS });
    const at = (topic: string, metric: string) => metrics.take(gauge({ topic, metric }));
    expect(['a', 'b', 'c', 'd'].map((metric) => at('one', metric))).toEqual([
      'taken',
      'taken',
      'taken',
      'series_per_topic_max',
    ]);
    expect(['a', 'b'].map((metric) => at('two', metric))).toEqual(['taken', 'series_max']);
    expect(at('one', 'a')).toBe('taken');
    expect(metrics.stats()).toMatchObject({
      series: 4,
      refused_series_per_topic_max_total: 1,
      refused_series_max_total: 1,
    });
  });

  test('where the memory of histories is spent no series is added, and those there are keep a shorter one', () => {
    const metrics = createMetrics({ caps: { seriesPerTopicMax: 10, seriesMax: 10, historyMaxBytes: 4_000 } });
    const at = (metric: string, second: number) =>
      metrics.take(gauge({ metric, time: START + second * 1_000, arrival: START + second * 1_000, value: second }));
    expect([at('a', 0), at('b', 0), at('c', 0)]).toEqual(['taken', 'taken', 'history_max_bytes']);
    for (let second = 1; second < 300; second++) expect(at('a', second)).toBe('taken');
    const stats = metrics.stats();
    expect(stats.history_bytes).toBeLessThan(6_000);
    expect(stats).toMatchObject({ refused_history_max_bytes_total: 1 });
    // Once a tier, not once a sample.
    expect(stats.shortened_histories_total).toBeGreaterThan(0);
    expect(stats.shortened_histories_total).toBeLessThanOrEqual(6);
    const [kept] = metrics.topic('t')?.history([0], START, START + 300_000, 1_000) ?? [];
    expect(kept?.last[kept.last.length - 1]).toBe(299);
    expect(kept?.time.length).toBeGreaterThanOrEqual(32);
  });

  test('a topic that somebody waited for, and that never had a sample, is forgotten', () => {
    const metrics = createMetrics({ caps: CAPS });
    metrics.open('nothing').track();
    metrics.sweep(START, () => null);
    expect(metrics.topic('nothing')).toBeDefined();
    metrics.topic('nothing')?.untrack();
    metrics.sweep(START, () => null);
    expect(metrics.topic('nothing')).toBeUndefined();
  });

  test('nothing is complete before the past is back', () => {
    const metrics = createMetrics({ caps: CAPS });
    expect(metrics.completeFrom(1_000)).toBe(COMPLETE_NEVER);
    metrics.markComplete(1_000, START);
    expect(metrics.completeFrom(1_000)).toBe(START);
  });

  test('a series silent for the whole of history retires and makes room', () => {
    const metrics = createMetrics({ caps: { ...CAPS, seriesPerTopicMax: 1 } });
    metrics.take(gauge({ metric: 'old' }));
    metrics.topic('t')?.track();
    metrics.sweep(START + 86_400_001, () => null);
    expect([...(metrics.topic('t')?.drain()?.retired.keys() ?? [])]).toEqual([0]);
    expect(metrics.take(gauge({ metric: 'new', arrival: START + 86_400_001 }))).toBe('taken');
    expect(metrics.topic('t')?.seriesById[1]?.def.metric).toBe('new');
  });
});
