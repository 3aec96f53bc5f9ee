// Who may give a grant, and when a reason is asked for. Admins grant everywhere; members of an owning group where every
// topic of the pattern, also one that does not exist yet, is theirs; a token never.
import { patternFault } from '@tidewatch/schemas/pattern';
import type { Policy } from './policy.ts';
import type { Principal } from './principal.ts';

/** null: they may; else why not. */
export function refusalToGrant(policy: Policy, principal: Principal, pattern: string): string | null {
  if (principal.kind !== 'person') return 'Only people give grants: sign in as somebody.';
  if (principal.role === 'admin') return null;
  if (policy.owners.areOwnedBy(pattern, new Set(principal.groups.map((group) => group.id)))) return null;
  return `Only admins and the owner of every topic that ${pattern} matches may do this.`;
}

/** Patterns on which they may grant, as the composer offers them. */
export function grantablePatterns(policy: Policy, principal: Principal): string[] {
  if (principal.kind !== 'person') return [];
  if (principal.role === 'admin') return ['**'];
  const own = new Set(principal.groups.map((group) => group.id));
  return policy.owners.rows.filter((row) => own.has(row.groupId)).map((row) => row.pattern);
}

export type ReasonNeeded = 'everything' | 'sensitive' | 'no_end';

/** A group keeps its rights for as long as it is a group: no end needs no reason there. */
export function reasonNeeded(
  policy: Policy,
  grant: { pattern: string; until: number | null; isForGroup: boolean },
): ReasonNeeded[] {
  const why: ReasonNeeded[] = [];
  if (patternFault(grant.pattern) !== undefined) return why;
  if (grant.pattern === '**') why.push('everything');
  if (policy.owners.mayBeSensitive(grant.pattern)) why.push('sensitive');
  if (grant.until === null && !grant.isForGroup) why.push('no_end');
  return why;
}
