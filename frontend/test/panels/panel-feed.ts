// A feed port that a test turns by hand: what a gateway would say of one metric with two series.

import type { SeriesState } from '@tidewatch/schemas/freshness';
import type { HistorySeries } from '@tidewatch/schemas/history';
import type { SeriesDef } from '@tidewatch/schemas/series';
import type { Snapshot } from '@tidewatch/schemas/snapshot';
import type { FeedListener, FeedPort } from '#lib/connection/feed-port.ts';

export const HOSTS = ['a-01', 'b-02'] as const;

export const def = (id: number): SeriesDef => ({
  id,
  metric: 'latency',
  labels: { host: HOSTS[id] ?? '' },
  kind: 'gauge',
  unit: 'ms',
  description: 'Time to answer',
  intervalMs: 1_000,
  isIntervalDeclared: true,
  emitter: '',
});

export function createTestPort() {
  let listener: FeedListener | null = null;
  let opened = 0;
  let closed = 0;
  const second = () => Math.floor(Date.now() / 1_000) * 1_000;
  const port: FeedPort = {
    serverNow: () => Date.now(),
    watchTopics: () => () => {},
    open(_topic, _rate, next) {
      listener = next;
      opened++;
      return {
        setRate() {},
        async history({ series, stepMs, from, to }) {
          const at = second();
          const rows = series.map((id): HistorySeries => {
            const time = Array.from({ length: 240 }, (_, i) => at - (239 - i) * 1_000);
            const last = time.map((_, i) => 100 + 50 * id + (i % 10));
            return { id, time, last, min: last, max: last };
          });
          next.history({
            topicId: 1,
            request: 1,
            epoch: 'e',
            seq: 1,
            stepMs,
            from,
            to,
            completeFrom: from,
            series: rows,
          });
        },
        close: () => {
          closed++;
        },
      };
    },
  };
  const say = () => listener as FeedListener;
  return {
    port,
    counts: () => ({ opened, closed }),
    open() {
      say().opened({ rights: ['subscribe', 'history'], upstream: { state: 'live', since: 0 } });
      const time = second();
      const series = [0, 1].map((id) => ({
        def: def(id),
        state: 'fresh' as const,
        arrival: Date.now(),
        time,
        last: 100 + 50 * id,
        min: 100,
        max: 150,
      }));
      const snapshot: Snapshot = { topicId: 1, epoch: 'e', seq: 1, at: Date.now(), stepMs: 1_000, series };
      say().snapshot(snapshot);
    },
    states(state: SeriesState, ageMs: number, ids: readonly number[] = [0, 1]) {
      say().delta({
        topicId: 1,
        from: 1,
        to: 2,
        at: Date.now(),
        defs: [],
        retired: [],
        states: ids.map((id) => [id, state] as const),
        ages: ids.map((id) => [id, ageMs] as const),
        buckets: [],
        checksum: null,
      });
    },
    upstream: (upstream: Parameters<FeedListener['upstream']>[0]) => say().upstream(upstream),
    forbid: () => say().forbidden({ reason: 'Your access was taken back just now.', owner: 'Team Checkout' }),
  };
}
