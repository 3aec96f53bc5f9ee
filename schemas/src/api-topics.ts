// Topics over HTTP: GET /api/topics (TopicRow as on the socket), GET /api/topics/:topic, GET /api/topics/:topic/access.
// Names are listed to everybody signed in; what is behind them only to those who may see it.
import { z } from 'zod';
import { SeriesState } from './freshness.ts';
import { TopicRow } from './message-server.ts';
import { Scope } from './scope.ts';
import { SeriesDef } from './series.ts';
import { Topic } from './topic.ts';

export const TopicList = z.object({ topics: z.array(TopicRow), at: z.number() });
export type TopicList = z.infer<typeof TopicList>;

export const SeriesRow = SeriesDef.extend({
  state: SeriesState,
  /** Server time (epoch ms) of the newest arrival. */
  lastSeen: z.number(),
  /** Newest value; null: none, or alive without a value. */
  last: z.number().nullable(),
});
export type SeriesRow = z.infer<typeof SeriesRow>;

/** At most this many series in one answer; `series` of the row says how many there are. */
export const TOPIC_SERIES_MAX = 20_000;
export const TopicDetail = z.object({
  topic: TopicRow,
  scope: Scope,
  series: z.array(SeriesRow),
  at: z.number(),
});
export type TopicDetail = z.infer<typeof TopicDetail>;
export const TopicParams = z.object({ topic: Topic });
