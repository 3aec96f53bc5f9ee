// What is known of every topic, looked at once a second for all who watch the list, and rendered once for all who see
// the same of it. Names are for everybody signed in; numbers only for those who may subscribe, and counts of series
// only for those who may see them all.
import type { TopicRow } from '@tidewatch/schemas/message-server';
import type { Right } from '@tidewatch/schemas/right';
import type { Upstream } from '@tidewatch/schemas/upstream';

/** Rows of the list at most; beyond it the rest by name is left out. */
export const TOPICS_LISTED_MAX = 10_000;

export interface TopicFacts {
  readonly topic: string;
  readonly series: number;
  readonly metrics: number;
  readonly units: readonly string[];
  /** Samples a second over the last 10 s. */
  readonly rate: number;
  /** Epoch ms of the newest arrival; 0: none yet. */
  readonly lastSeen: number;
  /** Series by state: fresh, lagging, stale, ended. */
  readonly states: readonly number[];
  readonly upstream: Upstream;
}

/** What the policy says of a topic for one principal. */
export interface TopicSight {
  readonly owner: string;
  readonly isSensitive: boolean;
  /** Empty: locked. */
  readonly rights: readonly Right[];
  readonly until: number | null;
  readonly detail: 'none' | 'some' | 'all';
}

export function topicRow(facts: TopicFacts, sight: TopicSight): TopicRow {
  const { topic, upstream, lastSeen } = facts;
  const row = {
    topic,
    owner: sight.owner,
    isSensitive: sight.isSensitive,
    rights: [...sight.rights],
    until: sight.until,
  };
  if (sight.detail === 'none') return row;
  if (sight.detail === 'some') return { ...row, lastSeen, upstream };
  const { series, metrics, rate } = facts;
  return { ...row, series, metrics, units: [...facts.units], rate, lastSeen, states: [...facts.states], upstream };
}

export interface TopicBoard {
  /** Reads all topics again. */
  refresh(): void;
  /** Names in order. */
  names(): readonly string[];
  /** The row as JSON text; the same string as long as nothing in it changed. */
  rowText(topic: string, sight: TopicSight): string | undefined;
}

interface Entry {
  readonly facts: TopicFacts;
  readonly key: string;
  readonly texts: Map<string, string>;
}

export function createTopicBoard(readTopics: () => Iterable<TopicFacts>): TopicBoard {
  let entries = new Map<string, Entry>();
  let names: readonly string[] = [];
  return {
    refresh() {
      const next = new Map<string, Entry>();
      for (const facts of readTopics()) {
        const before = entries.get(facts.topic);
        const key = JSON.stringify(facts);
        next.set(facts.topic, before?.key === key ? before : { facts, key, texts: new Map() });
      }
      entries = next;
      names = [...next.keys()].sort().slice(0, TOPICS_LISTED_MAX);
    },
    names: () => names,
    rowText(topic, sight) {
      const entry = entries.get(topic);
      if (entry === undefined) return undefined;
      const key = JSON.stringify(sight);
      let text = entry.texts.get(key);
      if (text === undefined) {
        text = JSON.stringify(topicRow(entry.facts, sight));
        entry.texts.set(key, text);
      }
      return text;
    },
  };
}
