// Who owns a topic: the group on the most precise row that matches it, as admins keep them; none: the admins.
import { comparePatternPrecision } from '@tidewatch/schemas/pattern';
import { coversPattern, overlapPattern } from './pattern-cover.ts';
import { segmentsMatch, segmentsOf } from './topic-matcher.ts';

export const OWNER_NONE = 'admins';

export interface OwnerRow {
  readonly pattern: string;
  readonly groupId: string;
  readonly group: string;
  readonly isSensitive: boolean;
}

export interface TopicOwner {
  /** Name of the group, or `admins`. */
  readonly owner: string;
  readonly groupId: string | null;
  readonly isSensitive: boolean;
  readonly pattern: string | null;
}

export interface Owners {
  readonly rows: readonly OwnerRow[];
  of(topic: string): TopicOwner;
  /** True where every topic of the pattern, also one that does not exist yet, is owned by one of these groups. */
  areOwnedBy(pattern: string, groupIds: ReadonlySet<string>): boolean;
  /** True where some topic of the pattern could be sensitive. */
  mayBeSensitive(pattern: string): boolean;
}

const NOBODY: TopicOwner = { owner: OWNER_NONE, groupId: null, isSensitive: false, pattern: null };

export function createOwners(rows: readonly OwnerRow[]): Owners {
  const ordered = [...rows].sort((a, b) => comparePatternPrecision(a.pattern, b.pattern));
  return {
    rows: ordered,
    of(topic) {
      const have = topic.split('.');
      const row = ordered.find((candidate) => segmentsMatch(segmentsOf(candidate.pattern), have));
      if (!row) return NOBODY;
      return { owner: row.group, groupId: row.groupId, isSensitive: row.isSensitive, pattern: row.pattern };
    },
    areOwnedBy(pattern, groupIds) {
      // From the most precise row on: a row of another group that shares a topic takes it away; the first own row that
      // covers the whole pattern leaves nothing for less precise rows to decide.
      for (const row of ordered) {
        const isOwn = groupIds.has(row.groupId);
        if (isOwn && coversPattern(row.pattern, pattern)) return true;
        if (!isOwn && overlapPattern(row.pattern, pattern)) return false;
      }
      return false;
    },
    mayBeSensitive: (pattern) => ordered.some((row) => row.isSensitive && overlapPattern(row.pattern, pattern)),
  };
}
