import { matchesPattern } from '@tidewatch/schemas/pattern';
import { RIGHTS, type Right } from '@tidewatch/schemas/right';
import { inScope } from '@tidewatch/schemas/scope';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decide, rightsOn } from '../../src/access/decide.ts';
import { effectiveAccess, topicAccess } from '../../src/access/effective-access.ts';
import { compilePolicy, type PolicyRows } from '../../src/access/policy.ts';
import { NOW, PRINCIPALS, policyRows, right, topic } from './arbitrary-policy.ts';

/** The rule book, read straight from the rows: may this principal do this to a series with these labels? */
function allows(rows: PolicyRows, id: string, action: Right, name: string, labels: Record<string, string>): boolean {
  const isGiven = (rights: readonly Right[]) =>
    rights.includes(action) || (rights.includes('manage') && (action === 'subscribe' || action === 'history'));
  const user = rows.users.find((one) => one.id === id);
  const token = rows.tokens.find((one) => one.id === id);
  const groups = rows.memberships.filter((one) => one.userId === id).map((one) => one.groupId);
  const isGranted = rows.grants.some(
    (grant) =>
      (grant.userId === id || grant.tokenId === id || (grant.groupId !== null && groups.includes(grant.groupId))) &&
      matchesPattern(grant.pattern, name) &&
      isGiven(grant.rights) &&
      (grant.until === null || grant.until > NOW) &&
      (grant.labels === null || inScope([grant.labels], labels)),
  );
  if (user) return !user.isDisabled && !user.mustChangePassword && (user.role === 'admin' || isGranted);
  if (!token || token.isRevoked || (token.expires !== null && token.expires <= NOW)) return false;
  if (token.onBehalfOf !== null && !allows(rows, token.onBehalfOf, action, name, labels)) return false;
  return isGranted || (isGiven(token.rights) && token.patterns.some((one) => matchesPattern(one, name)));
}

const series = fc.dictionary(fc.constantFrom('region', 'tier', 'host'), fc.constantFrom('eu', 'us', 'x'), {
  noNullPrototype: true,
});

describe('decide', () => {
  it('lets through exactly the series that the rows allow, for every principal and right', () => {
    fc.assert(
      fc.property(
        policyRows,
        topic,
        right,
        series,
        fc.constantFrom(...PRINCIPALS),
        (rows, name, action, labels, id) => {
          const principal = compilePolicy(rows).principals.get(id);
          if (!principal) throw new Error('everybody is compiled');
          const decision = decide(principal, action, name, NOW);
          const isThrough = decision.allow && inScope(decision.scope, labels);
          expect(isThrough).toBe(allows(rows, id, action, name, labels));
        },
      ),
      { numRuns: 10_000 },
    );
  }, 60_000);

  it('names in its path the rules that allow, and without those rules says no', () => {
    fc.assert(
      fc.property(policyRows, topic, right, fc.constantFrom(...PRINCIPALS), (rows, name, action, id) => {
        const principal = compilePolicy(rows).principals.get(id);
        if (!principal) throw new Error('everybody is compiled');
        const decision = decide(principal, action, name, NOW);
        const allowing = decision.path.filter((step) => step.outcome === 'allows').map((step) => step.rule);
        for (const { rule } of decision.path) expect(matchesPattern(rule.pattern, name)).toBe(true);
        if (!decision.allow) return;
        expect(allowing.length).toBeGreaterThan(0);
        const without = { ...principal, rules: principal.rules.filter((rule) => !allowing.includes(rule)) };
        expect(decide(without, action, name, NOW).allow).toBe(false);
      }),
      { numRuns: 3_000 },
    );
  });

  it('never gives more with fewer rules: rules only ever allow', () => {
    fc.assert(
      fc.property(policyRows, topic, right, series, fc.nat(), (rows, name, action, labels, n) => {
        const principal = compilePolicy(rows).principals.get('u0');
        if (!principal || principal.rules.length === 0) return;
        const fewer = { ...principal, rules: principal.rules.filter((_, at) => at !== n % principal.rules.length) };
        const less = decide(fewer, action, name, NOW);
        const more = decide(principal, action, name, NOW);
        if (less.allow && inScope(less.scope, labels)) expect(more.allow && inScope(more.scope, labels)).toBe(true);
      }),
      { numRuns: 3_000 },
    );
  });

  it('holds until the time it names, and not at it', () => {
    fc.assert(
      fc.property(policyRows, topic, right, fc.constantFrom(...PRINCIPALS), (rows, name, action, id) => {
        const principal = compilePolicy(rows).principals.get(id);
        if (!principal) return;
        const decision = decide(principal, action, name, NOW);
        if (!decision.allow || decision.until === null) return;
        expect(decide(principal, action, name, decision.until - 0.001).allow).toBe(true);
        expect(decide(principal, action, name, decision.until).allow).toBe(false);
      }),
      { numRuns: 3_000 },
    );
  });
});

describe('effective access and who can see a topic', () => {
  it('say of every pair what decide says', () => {
    fc.assert(
      fc.property(policyRows, fc.uniqueArray(topic, { maxLength: 8 }), (rows, topics) => {
        const policy = compilePolicy(rows);
        for (const principal of policy.principals.values()) {
          const access = effectiveAccess(policy, principal, topics, NOW);
          expect(access.hidden).toBe(topics.length - access.topics.length);
          for (const name of topics) {
            const rights = RIGHTS.filter((one) => decide(principal, one, name, NOW).allow);
            expect(access.topics.find((row) => row.topic === name)?.rights ?? []).toEqual(rights);
            expect(rightsOn(principal, name, NOW)).toEqual(rights);
            const row = topicAccess(policy, name, NOW).who.find((one) => one.principal.id === principal.id);
            expect(row?.rights ?? []).toEqual(rights);
          }
        }
      }),
      { numRuns: 500 },
    );
  });

  it('names the rules behind each topic by their place in the list', () => {
    fc.assert(
      fc.property(policyRows, fc.uniqueArray(topic, { maxLength: 8 }), (rows, topics) => {
        const policy = compilePolicy(rows);
        for (const principal of policy.principals.values()) {
          const access = effectiveAccess(policy, principal, topics, NOW);
          for (const row of access.topics) {
            expect(row.rules.length).toBeGreaterThan(0);
            for (const at of row.rules) expect(matchesPattern(access.rules[at]?.pattern ?? '', row.topic)).toBe(true);
          }
        }
      }),
      { numRuns: 300 },
    );
  });
});
