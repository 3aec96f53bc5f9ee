// One session's view of the list of topics: the whole list at once, then once a second the rows that changed. What the
// policy says of each topic is asked once and again when the policy changes.
import { RIGHTS, type Right } from '@tidewatch/schemas/right';
import type { Gatekeeper } from '../access/gatekeeper.ts';
import type { TopicBoard, TopicSight } from './topic-board.ts';

export interface TopicWatchOptions {
  readonly board: TopicBoard;
  readonly gatekeeper: Pick<Gatekeeper, 'decide' | 'owner'>;
  readonly principalId: string;
  /** TOPIC_NAMES_HIDDEN: leaves out topics that the principal may not subscribe to. */
  readonly areNamesHidden: boolean;
}

export interface TopicWatch {
  /** The next message: the whole list the first time, changes after that, null where nothing changed. */
  next(epochMs: number): string | null;
  /** The policy changed: ask again for every topic. */
  forget(): void;
}

export function createTopicWatch(options: TopicWatchOptions): TopicWatch {
  const { board, gatekeeper, principalId, areNamesHidden } = options;
  const sights = new Map<string, TopicSight>();
  let sent: Map<string, string> | null = null;

  function sightOf(topic: string): TopicSight {
    let sight = sights.get(topic);
    if (sight === undefined) {
      sight = topicSight(gatekeeper, principalId, topic);
      sights.set(topic, sight);
    }
    return sight;
  }

  return {
    forget: () => sights.clear(),
    next(epochMs) {
      const now = new Map<string, string>();
      const changed: string[] = [];
      for (const topic of board.names()) {
        const sight = sightOf(topic);
        if (areNamesHidden && sight.detail === 'none') continue;
        const text = board.rowText(topic, sight);
        if (text === undefined) continue;
        now.set(topic, text);
        if (sent?.get(topic) !== text) changed.push(text);
      }
      const gone = sent === null ? [] : [...sent.keys()].filter((topic) => !now.has(topic));
      const isWhole = sent === null;
      sent = now;
      if (!isWhole && changed.length === 0 && gone.length === 0) return null;
      for (const topic of gone) sights.delete(topic);
      const at = Math.floor(epochMs);
      return `{"type":"topics","at":${at},"isWhole":${isWhole},"rows":[${changed.join(',')}],"gone":${JSON.stringify(gone)}}`;
    },
  };
}

/** What the policy says of a topic for a principal now. */
export function topicSight(
  gatekeeper: Pick<Gatekeeper, 'decide' | 'owner'>,
  principalId: string,
  topic: string,
): TopicSight {
  const { owner, isSensitive } = gatekeeper.owner(topic);
  const rights: Right[] = RIGHTS.filter((right) => gatekeeper.decide(principalId, right, topic).allow);
  const sight = gatekeeper.decide(principalId, 'subscribe', topic);
  return {
    owner,
    isSensitive,
    rights,
    until: sight.allow ? sight.until : null,
    detail: !sight.allow ? 'none' : sight.scope === 'all' ? 'all' : 'some',
  };
}
