// The one decision: may this principal do this with this topic now, with which series, and which rules say so. Pure.
// Enforcement, the explain page, effective access and the tests all come through here. Additive: rules only ever allow.
import type { PathStep, RefusalReason } from '@tidewatch/schemas/api-access';
import { IMPLIED_RIGHTS, RIGHTS, type Right } from '@tidewatch/schemas/right';
import { type Scope, unionScopes } from '@tidewatch/schemas/scope';
import { intersectScopes } from './intersect-scopes.ts';
import type { Principal, Rule } from './principal.ts';
import { segmentsMatch, segmentsOf } from './topic-matcher.ts';

/** The rules whose pattern matches the topic, in the principal's order, and what each did. */
export type Path = readonly PathStep[];

export type Decision =
  | {
      readonly allow: true;
      /** Canonical: equal scopes share a stream. */
      readonly scope: Scope;
      /** Epoch ms when the last allowing rule ends; null: no end. The scope may shrink before. */
      readonly until: number | null;
      readonly path: Path;
    }
  | { readonly allow: false; readonly reason: RefusalReason; readonly path: Path };

export function decide(principal: Principal, action: Right, topic: string, now: number): Decision {
  const own = decideOwn(principal, action, topic, now);
  const maker = principal.onBehalfOf;
  if (!maker || !own.allow) return own;
  const bound = decide(maker, action, topic, now);
  const path = [...own.path, ...bound.path];
  if (!bound.allow) return { allow: false, reason: bound.reason, path };
  const scope = intersectScopes(own.scope, bound.scope);
  if (scope !== 'all' && scope.length === 0) return { allow: false, reason: 'no_rule', path };
  return { allow: true, scope, until: earlier(own.until, bound.until), path };
}

/** Every right that the principal has on a topic now, as decide() gives them one by one. */
export function rightsOn(principal: Principal, topic: string, now: number): Right[] {
  return RIGHTS.filter((right) => decide(principal, right, topic, now).allow);
}

/** True where a rule with these rights lets the action through. */
export function givesRight(rights: readonly Right[], action: Right): boolean {
  return rights.some((right) => right === action || IMPLIED_RIGHTS[right].includes(action));
}

function decideOwn(principal: Principal, action: Right, topic: string, now: number): Decision {
  const path: PathStep[] = [];
  const isActive = principal.state === 'active' && (principal.expires === null || principal.expires > now);
  const have = topic.split('.');
  let until: number | null = 0;
  const scopes: Scope[] = [];
  for (const rule of principal.rules) {
    if (!segmentsMatch(segmentsOf(rule.pattern), have)) continue;
    const outcome = outcomeOf(rule, action, now);
    path.push({ rule, outcome });
    if (outcome !== 'allows') continue;
    scopes.push(rule.labels === null ? 'all' : [rule.labels]);
    until = later(until, rule.until);
  }
  if (!isActive) return { allow: false, reason: 'not_active', path };
  if (scopes.length > 0) {
    return { allow: true, scope: unionScopes(scopes), until: earlier(until, principal.expires), path };
  }
  const hadIt = path.some((step) => step.outcome === 'ended');
  return { allow: false, reason: hadIt ? 'grant_ended' : 'no_rule', path };
}

function outcomeOf(rule: Rule, action: Right, now: number): PathStep['outcome'] {
  if (!givesRight(rule.rights, action)) return 'other_right';
  // The end itself is already outside: a grant until 12:00:00.000 refuses at 12:00:00.000.
  return rule.until === null || rule.until > now ? 'allows' : 'ended';
}

function later(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : Math.max(a, b);
}

function earlier(a: number | null, b: number | null): number | null {
  if (a === null) return b;
  return b === null ? a : Math.min(a, b);
}
