// What home answers: is everything that I may see being heard, and if not, what is not. Pure; rows in, words out. Never
// says that all is well while it cannot know.
import type { TopicRow } from '@tidewatch/schemas/message-server';
import { isMine, isSilent, type TopicTrouble, troubleOf } from '../live/topic-tree.ts';
import { grouped } from '../panels/format-value.ts';
import { formatLag, formatSilence } from '../view/format-time.ts';

export interface HomeFacts {
  readonly rows: readonly TopicRow[];
  readonly isKnown: boolean;
  readonly isOnline: boolean;
  readonly isConnecting: boolean;
}

export interface Verdict {
  readonly title: string;
  readonly detail: string;
}

export function homeVerdict({ rows, isKnown, isOnline, isConnecting }: HomeFacts): Verdict {
  const mine = rows.filter(isMine);
  const count = (state: number) => mine.reduce((sum, row) => sum + (row.states?.[state] ?? 0), 0);
  const [lagging, stale] = [count(1), count(2)];
  const unheard = mine.filter((row) => row.upstream?.state === 'unreachable').length;
  const series = mine.reduce((sum, row) => sum + (row.series ?? 0), 0);
  const also = stale > 0 && lagging > 0 ? `, ${stale} silent` : '';
  const detail =
    isOnline && isKnown && mine.length > 0 ? `${grouped(series, 0)} series in ${mine.length} topics${also}.` : '';
  return { title: title(), detail };

  function title(): string {
    if (!isOnline) return isConnecting ? 'Connecting' : 'Unknown: this browser is offline';
    if (!isKnown) return 'Reading the list of topics';
    if (mine.length === 0) return rows.length === 0 ? 'No topic has been seen yet' : 'No topic is open to you yet';
    if (unheard > 0)
      return unheard === mine.length ? 'The gateway does not reach Kafka' : `${unheard} topics are not heard`;
    if (lagging > 0) return `${lagging} series ${lagging === 1 ? 'is' : 'are'} late`;
    if (stale > 0) return `${stale} series ${stale === 1 ? 'has' : 'have'} fallen silent`;
    return 'Everything reports';
  }
}

export interface TroubledTopic {
  readonly row: TopicRow;
  readonly trouble: Exclude<TopicTrouble, null>;
  readonly text: string;
  /** How long, where it is one length for the whole topic. */
  readonly since: string;
}

const RANK: readonly TopicTrouble[] = ['unreachable', 'behind', 'lagging', 'stale'];

/** Worst first, then longest. */
export function troubledTopics(rows: readonly TopicRow[], now: number): TroubledTopic[] {
  return rows
    .flatMap((row) => {
      const trouble = troubleOf(row);
      return trouble === null ? [] : [{ row, trouble, ...words(row, trouble, now) }];
    })
    .sort((a, b) => RANK.indexOf(a.trouble) - RANK.indexOf(b.trouble) || (a.row.lastSeen ?? 0) - (b.row.lastSeen ?? 0));
}

function words(row: TopicRow, trouble: Exclude<TopicTrouble, null>, now: number): { text: string; since: string } {
  const { upstream } = row;
  const [, late = 0, silent = 0] = row.states ?? [];
  switch (trouble) {
    case 'unreachable':
      return {
        text: 'gateway does not reach Kafka',
        since: upstream?.state === 'unreachable' ? formatSilence(now - upstream.since) : '',
      };
    case 'behind':
      return {
        text:
          upstream?.state === 'behind'
            ? `lag ${formatLag(upstream.lagMs)}, ${grouped(upstream.lagOffsets, 0)} offsets`
            : 'lag',
        since: '',
      };
    case 'lagging':
      return { text: `${late} of ${row.series ?? 0} series late`, since: '' };
    case 'stale':
      return isSilent(row)
        ? { text: 'silent', since: row.lastSeen ? formatSilence(now - row.lastSeen) : '' }
        : { text: `${silent} of ${row.series ?? 0} series silent`, since: '' };
  }
}
