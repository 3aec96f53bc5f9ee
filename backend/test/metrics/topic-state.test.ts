import { describe, expect, test } from 'vitest';
import { Cadence } from '../../src/metrics/cadence.ts';
import { createMetrics } from '../../src/metrics/metrics.ts';
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

  test('age counts from arrival, so a sample that was old when it came is not fresher than it is', () => {
    const topic = new TopicState('t');
    take(topic, gauge({ intervalMs: 1_000, time: START, arrival: START - 60_000 }));
    expect(stateAfter(topic, 0)).toBe('stale');
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
