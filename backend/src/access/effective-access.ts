// What a principal can see, and who can see a topic: decide() asked for every pair, nothing worked out beside it.
import type { EffectiveAccess, TopicAccess } from '@tidewatch/schemas/api-access';
import { RIGHTS, type Right } from '@tidewatch/schemas/right';
import type { Scope } from '@tidewatch/schemas/scope';
import { type Decision, decide } from './decide.ts';
import type { Policy } from './policy.ts';
import type { Principal, Rule } from './principal.ts';
import { segmentsMatch, segmentsOf } from './topic-matcher.ts';

export interface TopicRights {
  readonly rights: Right[];
  /** Of subscribe, or of the first right there is. */
  readonly scope: Scope;
  readonly until: number | null;
  /** Rules that let something through. */
  readonly rules: readonly Rule[];
}

/** null: no right at all. */
export function topicRights(principal: Principal, topic: string, now: number): TopicRights | null {
  // Four decisions on the few rules that match, instead of four on all of them.
  const near = onlyMatching(principal, topic.split('.'));
  if (near.rules.length === 0) return null;
  const rights: Right[] = [];
  const rules = new Set<Rule>();
  let lead: Extract<Decision, { allow: true }> | undefined;
  for (const right of RIGHTS) {
    const decision = decide(near, right, topic, now);
    if (!decision.allow) continue;
    rights.push(right);
    lead ??= decision;
    for (const step of decision.path) if (step.outcome === 'allows') rules.add(step.rule);
  }
  return lead ? { rights, scope: lead.scope, until: lead.until, rules: [...rules] } : null;
}

/** decide() looks at no other rules than these: leaving out the rest changes no decision. */
function onlyMatching(principal: Principal, have: readonly string[]): Principal {
  return {
    ...principal,
    rules: principal.rules.filter((rule) => segmentsMatch(segmentsOf(rule.pattern), have)),
    onBehalfOf: principal.onBehalfOf && onlyMatching(principal.onBehalfOf, have),
  };
}

/** Every topic there is, as this principal has it. */
export function effectiveAccess(
  policy: Policy,
  principal: Principal,
  topics: Iterable<string>,
  now: number,
): EffectiveAccess {
  const rules = allRules(principal);
  const numberOf = new Map(rules.map((rule, at) => [rule, at]));
  const rows: EffectiveAccess['topics'] = [];
  let hidden = 0;
  for (const topic of topics) {
    const found = topicRights(principal, topic, now);
    if (!found) {
      hidden++;
      continue;
    }
    const { owner, isSensitive } = policy.owners.of(topic);
    const { rights, scope, until } = found;
    const why = found.rules.map((rule) => numberOf.get(rule) ?? -1);
    rows.push({ topic, owner, isSensitive, rights, scope, until, rules: why });
  }
  const { kind, id, name } = principal;
  return {
    principal: { kind, id, name },
    isActive: principal.state === 'active' && (principal.expires === null || principal.expires > now),
    policyVersion: policy.version,
    at: now,
    rules,
    topics: rows,
    hidden,
  };
}

/** Everybody who can do something with this topic. */
export function topicAccess(policy: Policy, topic: string, now: number): TopicAccess {
  const { owner, isSensitive } = policy.owners.of(topic);
  const who: TopicAccess['who'] = [];
  for (const principal of policy.principals.values()) {
    const found = topicRights(principal, topic, now);
    if (!found) continue;
    const { kind, id, name } = principal;
    who.push({ principal: { kind, id, name }, ...found, rules: [...found.rules] });
  }
  who.sort((a, b) => (a.principal.name < b.principal.name ? -1 : 1));
  return { topic, owner, isSensitive, policyVersion: policy.version, at: now, who };
}

function allRules(principal: Principal): Rule[] {
  return [...principal.rules, ...(principal.onBehalfOf ? allRules(principal.onBehalfOf) : [])];
}
