// Which live sessions a grant reaches: of those it is given to, with a subscription on a topic that it matches.
import type { LiveSession } from '@tidewatch/schemas/api-sessions';
import { matchesPattern } from '@tidewatch/schemas/pattern';
import type { Policy } from '../access/policy.ts';
import type { GrantRecord } from '../store/grants.ts';

/** Ids of the principals that a grant to this grantee reaches. */
export function principalsOf(policy: Policy, who: { kind: GrantRecord['who']['kind']; id: string }): readonly string[] {
  if (who.kind !== 'group') return [who.id];
  return policy.groups.get(who.id)?.members ?? [];
}

export function sessionsOfGrant(
  policy: Policy,
  grant: Pick<GrantRecord, 'who' | 'pattern'>,
  sessions: readonly LiveSession[],
): LiveSession[] {
  const reached = new Set(principalsOf(policy, grant.who));
  return sessions.filter(
    (session) =>
      session.state === 'open' &&
      reached.has(session.principal.id) &&
      session.topics.some((topic) => matchesPattern(grant.pattern, topic)),
  );
}
