// What is true now, and was for a day: all topics with their series. Refuses by name what is beyond its caps, and
// counts it; never forgets a series that it has taken before its history has run out. Pure: no clock, no I/O.
import type { StepMs } from '@tidewatch/schemas/history';
import { HistoryBudget } from './history-budget.ts';
import type { Sample } from './sample.ts';
import { TopicState } from './topic-state.ts';

export interface MetricsCaps {
  readonly seriesPerTopicMax: number;
  readonly seriesMax: number;
  readonly historyMaxBytes: number;
}

/** No time that anybody asks for lies after it. */
export const COMPLETE_NEVER = 8_640_000_000_000_000;

export const REFUSALS = ['series_per_topic_max', 'series_max', 'history_max_bytes'] as const;
export type Refusal = (typeof REFUSALS)[number];

export interface Metrics {
  take(sample: Sample): 'taken' | Refusal;
  topic(name: string): TopicState | undefined;
  /** The topic, made where it has had no sample yet: somebody waits for its first. */
  open(name: string): TopicState;
  topics(): Iterable<TopicState>;
  /** Once a second. `deafSince`: since when the gateway could not hear a topic's emitters, epoch ms; null: it can. */
  sweep(now: number, deafSince: (topic: string) => number | null): void;
  /** From when buckets of a width are complete, epoch ms; COMPLETE_NEVER before `markComplete`. */
  completeFrom(stepMs: StepMs): number;
  markComplete(stepMs: StepMs, from: number): void;
  stats(): Readonly<Record<string, number>>;
}

export function createMetrics({ caps }: { readonly caps: MetricsCaps }): Metrics {
  const topics = new Map<string, TopicState>();
  const complete = new Map<StepMs, number>();
  const refused: Record<Refusal, number> = { series_per_topic_max: 0, series_max: 0, history_max_bytes: 0 };
  const budget = new HistoryBudget(caps.historyMaxBytes);
  let seriesCount = 0;
  let samplesTotal = 0;

  const open = (name: string): TopicState => {
    let topic = topics.get(name);
    if (topic === undefined) {
      topic = new TopicState(name, budget);
      topics.set(name, topic);
    }
    return topic;
  };
  const refusalOf = (topic: TopicState): Refusal | undefined => {
    if (topic.seriesCount >= caps.seriesPerTopicMax) return 'series_per_topic_max';
    if (seriesCount >= caps.seriesMax) return 'series_max';
    return budget.isSpent ? 'history_max_bytes' : undefined;
  };

  return {
    take(sample) {
      const topic = open(sample.topic);
      const known = topic.find(sample.metric, sample.labels);
      if (known === undefined) {
        const refusal = refusalOf(topic);
        if (refusal !== undefined) {
          refused[refusal] += 1;
          return refusal;
        }
        seriesCount += 1;
      }
      topic.take(sample, known);
      samplesTotal += 1;
      return 'taken';
    },
    topic: (name) => topics.get(name),
    open,
    topics: () => topics.values(),
    sweep(now, deafSince) {
      for (const topic of topics.values()) {
        const before = topic.seriesCount;
        topic.sweep(now, deafSince(topic.name));
        seriesCount -= before - topic.seriesCount;
        // Somebody waited for a first sample that never came, and waits no more.
        if (topic.samplesTotal === 0 && !topic.isTracked) topics.delete(topic.name);
      }
    },
    completeFrom: (stepMs) => complete.get(stepMs) ?? COMPLETE_NEVER,
    markComplete: (stepMs, from) => void complete.set(stepMs, from),
    stats: () => ({
      topics: topics.size,
      series: seriesCount,
      history_bytes: budget.bytes,
      samples_total: samplesTotal,
      refused_series_per_topic_max_total: refused.series_per_topic_max,
      refused_series_max_total: refused.series_max,
      refused_history_max_bytes_total: refused.history_max_bytes,
      shortened_histories_total: budget.refusals,
    }),
  };
}
