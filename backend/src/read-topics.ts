// How the edges read topics: facts for lists, series for pages, buckets for history. Joins metrics with the numbering
// of the publisher and the state of upstream, which know nothing of each other; part of the composition root.
import type { SeriesRow } from '@tidewatch/schemas/api-topics';
import { inScope, type Scope } from '@tidewatch/schemas/scope';
import type { Upstream } from '@tidewatch/schemas/upstream';
import type { Clock } from './clock.ts';
import type { Metrics } from './metrics/metrics.ts';
import type { Series } from './metrics/series.ts';
import type { TopicState } from './metrics/topic-state.ts';
import type { Publisher } from './publish/publisher.ts';
import type { HistorySource } from './session/history-source.ts';
import type { TopicFacts } from './session/topic-board.ts';

export interface TopicReader {
  /** Topics that have had a sample. */
  all(): Iterable<TopicFacts>;
  one(topic: string): TopicFacts | undefined;
  series(topic: string, scope: Scope): readonly SeriesRow[] | undefined;
  readonly history: HistorySource;
}

export interface TopicReaderOptions {
  readonly metrics: Metrics;
  readonly publisher: Publisher;
  readonly upstreamOf: (topic: string) => Upstream;
  readonly clock: Clock;
}

export function createTopicReader({ metrics, publisher, upstreamOf, clock }: TopicReaderOptions): TopicReader {
  const factsOf = (topic: TopicState): TopicFacts => ({
    topic: topic.name,
    series: topic.seriesCount,
    ...vocabularyOf(topic),
    rate: topic.rate(clock.now()),
    lastSeen: topic.lastArrival,
    states: topic.stateCounts(),
    upstream: upstreamOf(topic.name),
  });
  return {
    *all() {
      for (const topic of metrics.topics()) if (topic.lastArrival > 0) yield factsOf(topic);
    },
    one(name) {
      const topic = metrics.topic(name);
      return topic === undefined || topic.lastArrival === 0 ? undefined : factsOf(topic);
    },
    series: (name, scope) => {
      const topic = metrics.topic(name);
      return topic === undefined ? undefined : inScopeOf(topic, scope).map(rowOf);
    },
    history({ topic: name, scope, from, to, stepMs, series, pointsMax }) {
      const topic = metrics.topic(name);
      if (topic === undefined) return 'no_such_topic';
      const wanted = series === null ? null : new Set(series);
      const ids = inScopeOf(topic, scope)
        .map(({ def }) => def.id)
        .filter((id) => wanted === null || wanted.has(id));
      const slots = Math.max(0, Math.ceil((Math.min(to, clock.now()) - from) / stepMs));
      const tierSlots = { 1000: 900, 10000: 720, 60000: 1_440 }[stepMs];
      if (ids.length * Math.min(slots, tierSlots) > pointsMax) return 'too_large';
      const { topicId, epoch, seq } = publisher.numbering(name);
      // What no tier holds any more is not complete either, and before the replay is through nothing is.
      const kept = clock.now() - tierSlots * stepMs;
      const completeFrom = Math.min(to, Math.max(kept, metrics.completeFrom(stepMs)));
      return { topicId, epoch, seq, stepMs, from, to, completeFrom, series: topic.history(ids, from, to, stepMs) };
    },
  };
}

function vocabularyOf(topic: TopicState): { metrics: number; units: readonly string[] } {
  const { metrics, units } = topic.vocabulary();
  return { metrics: metrics.length, units };
}

function inScopeOf(topic: TopicState, scope: Scope): Series[] {
  return topic.seriesById.filter((one): one is Series => one !== null && inScope(scope, one.def.labels));
}

function rowOf({ def, state, arrival, tiers }: Series): SeriesRow {
  const bucket = { last: Number.NaN, min: 0, max: 0 };
  tiers[0].read(tiers[0].newestSlot, bucket);
  return { ...def, state, lastSeen: arrival, last: Number.isNaN(bucket.last) ? null : bucket.last };
}
