// The composer's preview: what a grant would match and change, worked out by decide() on the policy with the grant in it.
import type { CreateGrantsBody, GrantPreview } from '@tidewatch/schemas/api-grants';
import type { GranteeRef } from '@tidewatch/schemas/api-principal';
import { matchesPattern } from '@tidewatch/schemas/pattern';
import type { z } from 'zod';
import { decide } from '../access/decide.ts';
import { type ReasonNeeded, reasonNeeded, refusalToGrant } from '../access/may-grant.ts';
import type { Principal, Rule } from '../access/principal.ts';
import { type ApiContext, topicNames } from './api-context.ts';
import { principalsOf } from './grant-sessions.ts';

const MATCHES_SHOWN_MAX = 500;
const RULES_SHOWN_MAX = 20;

type Wanted = z.output<typeof CreateGrantsBody>;

export async function previewGrants(context: ApiContext, by: Principal, wanted: Wanted): Promise<GrantPreview> {
  const { gatekeeper, store } = context;
  const policy = gatekeeper.policy();
  const names = topicNames(context);
  const matched = names.filter((topic) => wanted.patterns.some((pattern) => matchesPattern(pattern, topic)));
  const owned = matched.map((topic) => ({ topic, ...gatekeeper.owner(topic) }));
  const isOnlyGroups = wanted.who.length > 0 && wanted.who.every(({ kind }) => kind === 'group');
  const reasons = new Set<ReasonNeeded>();
  let refused: string | null = null;
  for (const pattern of wanted.patterns) {
    refused ??= refusalToGrant(policy, by, pattern);
    for (const why of reasonNeeded(policy, { pattern, until: wanted.until, isForGroup: isOnlyGroups }))
      reasons.add(why);
  }
  const { sessions } = await store.liveSessions.list().catch(() => ({ sessions: [] }));
  const reached = new Set(wanted.who.flatMap((one) => principalsOf(policy, one)));
  return {
    matches: owned.slice(0, MATCHES_SHOWN_MAX).map(({ topic, owner, isSensitive }) => ({ topic, owner, isSensitive })),
    matched: matched.length,
    topics: names.length,
    sensitive: owned.filter((row) => row.isSensitive).length,
    reasonNeeded: [...reasons],
    refused,
    people: wanted.who.map((one) => effectOn(context, one, wanted, matched)),
    sessions: sessions.filter((session) => session.state === 'open' && reached.has(session.principal.id)).length,
  };
}

function effectOn(
  { gatekeeper }: ApiContext,
  who: Wanted['who'][number],
  wanted: Wanted,
  matched: readonly string[],
): GrantPreview['people'][number] {
  const policy = gatekeeper.policy();
  const now = gatekeeper.now();
  const grantee = granteeOf(policy, who);
  let already = 0;
  const by = new Set<Rule>();
  for (const topic of matched) {
    const decisions = wanted.rights.map((right) => grantee && decide(grantee, right, topic, now));
    // As much already: every right, over every series or at least as many.
    const hasAll = decisions.every(
      (decision) => decision?.allow && (decision.scope === 'all' || wanted.labels !== null),
    );
    if (!hasAll) continue;
    already++;
    for (const decision of decisions)
      for (const step of decision?.path ?? []) if (step.outcome === 'allows') by.add(step.rule);
  }
  const name = grantee?.name ?? '';
  const principal: GranteeRef = { kind: who.kind, id: who.id, name };
  return { principal, added: matched.length - already, already, alreadyBy: [...by].slice(0, RULES_SHOWN_MAX) };
}

/** A group stands for itself here: what its rules give to each member. */
function granteeOf(
  policy: ReturnType<ApiContext['gatekeeper']['policy']>,
  who: Wanted['who'][number],
): Principal | undefined {
  if (who.kind !== 'group') return policy.principals.get(who.id);
  const group = policy.groups.get(who.id);
  if (!group) return undefined;
  return {
    ...{ kind: 'person', id: group.id, name: group.name, displayName: group.name, email: null, role: 'viewer' },
    ...{ state: 'active', groups: [], rules: group.rules, onBehalfOf: null, expires: null },
  };
}
