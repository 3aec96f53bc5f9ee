// What the routes are given by the composition root. Each route takes of it what it needs.
import type { RejectRow } from '@tidewatch/schemas/api-rejects';
import type { SeriesRow } from '@tidewatch/schemas/api-topics';
import type { Scope } from '@tidewatch/schemas/scope';
import type { Authenticator } from '../access/authenticator.ts';
import type { Gatekeeper } from '../access/gatekeeper.ts';
import type { Passwords } from '../access/password.ts';
import type { Clock } from '../clock.ts';
import type { HistorySource } from '../session/history-source.ts';
import type { TopicFacts } from '../session/topic-board.ts';
import type { Store } from '../store/store.ts';
import type { Provider } from './oidc-provider.ts';

export interface ApiContext {
  readonly clock: Clock;
  readonly store: Store;
  readonly gatekeeper: Gatekeeper;
  readonly authenticator: Authenticator;
  readonly passwords: Passwords;
  /** All topics as they are now. */
  readonly readTopics: () => Iterable<TopicFacts>;
  readonly readTopic: (topic: string) => TopicFacts | undefined;
  /** The series of a topic that a scope lets through; undefined: no such topic. */
  readonly readSeries: (topic: string, scope: Scope) => readonly SeriesRow[] | undefined;
  readonly history: HistorySource;
  /** Puts one record on the Kafka topic that feeds this topic. Throws SourceError. */
  readonly produce: (topic: string, value: Uint8Array) => Promise<void>;
  /** Records that did not decode, newest first; null: of every topic. */
  readonly readRejects: (topic: string | null, limit: number) => { rejects: readonly RejectRow[]; total: number };
  readonly isDemo: boolean;
  /** Signing in through a provider; left out or null: local passwords only. */
  readonly provider?: Provider | null;
  readonly areTopicNamesHidden: boolean;
  /** Origins besides our own from which a page may write. */
  readonly allowedOrigins: readonly string[];
}

export function topicNames(context: Pick<ApiContext, 'readTopics'>): string[] {
  return Array.from(context.readTopics(), (facts) => facts.topic).sort();
}
