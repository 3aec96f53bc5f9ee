// Topics by prefix: the tree at the left of the catalogue, and the groups of its table. Pure; dots are the branches.
import type { TopicRow } from '@tidewatch/schemas/message-server';
import { IMPLIED_RIGHTS, type Right } from '@tidewatch/schemas/right';

export interface Branch {
  /** shop, payments.eu */
  readonly prefix: string;
  /** Last segment. */
  readonly name: string;
  readonly count: number;
  readonly branches: readonly Branch[];
}

/** A topic lies under a prefix that is its own name or stands before a dot of it. */
export function isUnder(topic: string, prefix: string): boolean {
  return topic === prefix || topic.startsWith(`${prefix}.`);
}

/** Two levels: more would be a file system. Branches of one topic are left out below the first. */
export function topicTree(topics: readonly string[]): Branch[] {
  return branchesOf(topics, '', 2);
}

function branchesOf(topics: readonly string[], before: string, levels: number): Branch[] {
  const counts = new Map<string, string[]>();
  for (const topic of topics) {
    const rest = before === '' ? topic : topic.slice(before.length + 1);
    const [name] = rest.split('.');
    if (name === undefined || rest === '') continue;
    const list = counts.get(name);
    if (list === undefined) counts.set(name, [topic]);
    else list.push(topic);
  }
  return [...counts]
    .map(([name, list]): Branch => {
      const prefix = before === '' ? name : `${before}.${name}`;
      const below =
        levels > 1
          ? branchesOf(
              list.filter((topic) => topic !== prefix),
              prefix,
              levels - 1,
            )
          : [];
      return {
        prefix,
        name,
        count: list.length,
        branches: below.length > 1 && below.some((branch) => branch.count > 1) ? below : [],
      };
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

export interface TopicGroup {
  readonly prefix: string;
  readonly rows: readonly TopicRow[];
  readonly mine: number;
}

/** By first segment, or by the chosen prefix that holds them. */
export function groupTopics(rows: readonly TopicRow[], chosen: readonly string[]): TopicGroup[] {
  const groups = new Map<string, TopicRow[]>();
  for (const row of rows) {
    const prefix = chosen.find((candidate) => isUnder(row.topic, candidate)) ?? (row.topic.split('.')[0] as string);
    const list = groups.get(prefix);
    if (list === undefined) groups.set(prefix, [row]);
    else list.push(row);
  }
  return [...groups]
    .map(([prefix, list]) => ({
      prefix,
      rows: list.sort((a, b) => (a.topic < b.topic ? -1 : 1)),
      mine: list.filter(isMine).length,
    }))
    .sort((a, b) => (a.prefix < b.prefix ? -1 : 1));
}

export const TOPIC_FILTERS = ['mine', 'locked', 'silent', 'sensitive'] as const;
export type TopicFilter = (typeof TOPIC_FILTERS)[number];

export function isMine(row: TopicRow): boolean {
  return row.rights.length > 0;
}

/** Mine, and nothing is heard of it: no sample ever, or none of its running series is fresh. */
export function isSilent(row: TopicRow): boolean {
  if (!isMine(row)) return false;
  const [fresh = 0, lagging = 0, stale = 0] = row.states ?? [];
  return row.lastSeen === 0 || (stale > 0 && fresh + lagging === 0);
}

export function passes(row: TopicRow, filter: TopicFilter): boolean {
  switch (filter) {
    case 'mine':
      return isMine(row);
    case 'locked':
      return !isMine(row);
    case 'silent':
      return isSilent(row);
    case 'sensitive':
      return row.isSensitive;
  }
}

/** What a row is found by: its name, its owner, its units. */
export function matches(row: TopicRow, text: string): boolean {
  const words = text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  const hay = `${row.topic} ${row.owner} ${(row.units ?? []).join(' ')}`.toLowerCase();
  return words.every((word) => hay.includes(word));
}

/** What may be done, without what goes without saying: manage brings subscribe and history. */
export function rightsText(rights: readonly Right[]): string {
  const implied = rights.flatMap((right) => IMPLIED_RIGHTS[right]);
  return rights.filter((right) => !implied.includes(right)).join(', ');
}

export type TopicTrouble = 'unreachable' | 'behind' | 'stale' | 'lagging' | null;

/** The worst that can be said of a topic from its row. */
export function troubleOf(row: TopicRow): TopicTrouble {
  if (!isMine(row)) return null;
  if (row.upstream?.state === 'unreachable') return 'unreachable';
  if (row.upstream?.state === 'behind') return 'behind';
  const [, lagging = 0, stale = 0] = row.states ?? [];
  return stale > 0 ? 'stale' : lagging > 0 ? 'lagging' : null;
}
