// What the live half of the page asks of a connection, and what it is told. The connection behind it may break and come
// back: an open link stays open, gets a new snapshot, and nobody here reconnects anything.
import type { Delta } from '@tidewatch/schemas/delta';
import type { History, StepMs } from '@tidewatch/schemas/history';
import type { TopicRow } from '@tidewatch/schemas/message-server';
import type { Rate } from '@tidewatch/schemas/rate';
import type { Right } from '@tidewatch/schemas/right';
import type { Snapshot } from '@tidewatch/schemas/snapshot';
import type { Upstream } from '@tidewatch/schemas/upstream';

export interface FeedListener {
  opened(facts: { rights: readonly Right[]; upstream: Upstream }): void;
  snapshot(snapshot: Snapshot): void;
  delta(delta: Delta): void;
  history(history: History): void;
  upstream(upstream: Upstream): void;
  /** Access ended while it was open, or was refused: nothing comes until it opens again. */
  forbidden(why: { reason: string; owner: string }): void;
  failed(message: string): void;
}

export interface HistoryRange {
  readonly from: number;
  readonly to: number;
  readonly stepMs: StepMs;
  /** Ids as of the newest snapshot. */
  readonly series: readonly number[];
}

export interface FeedLink {
  setRate(rate: Rate): void;
  /** Resolves after the answer was given to the listener; rejects with what went wrong. */
  history(range: HistoryRange): Promise<void>;
  close(): void;
}

export interface TopicsListener {
  rows(at: number, isWhole: boolean, rows: readonly TopicRow[], gone: readonly string[]): void;
}

export interface FeedPort {
  open(topic: string, rate: Rate, listener: FeedListener): FeedLink;
  watchTopics(listener: TopicsListener): () => void;
  /** Server time now, epoch ms, as estimated here. */
  serverNow(): number;
}
