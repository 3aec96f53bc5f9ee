// What a session needs to answer a request for history; wired to metrics and the publisher by the composition root.
import type { History } from '@tidewatch/schemas/history';
import type { Scope } from '@tidewatch/schemas/scope';

/** Buckets in one answer: series times buckets of the range. About 40 ms of encoding. */
export const HISTORY_POINTS_MAX = 200_000;

export interface HistoryQuery {
  readonly topic: string;
  /** Series out of scope are left out of the answer, as if they were not. */
  readonly scope: Scope;
  /** Epoch ms, [from, to). */
  readonly from: number;
  readonly to: number;
  readonly stepMs: History['stepMs'];
  /** null: every series in scope. */
  readonly series: readonly number[] | null;
  /** More than this, counted as series times buckets of the range, is 'too_large'. */
  readonly pointsMax: number;
}

/** Buckets as they are now, numbered with the topic's head. */
export type HistorySource = (query: HistoryQuery) => Omit<History, 'request'> | 'no_such_topic' | 'too_large';
