import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createGatekeeper, type PolicyChange } from '../../src/access/gatekeeper.ts';
import type { PolicyRows } from '../../src/access/policy.ts';
import { createHandClock } from '../session/hand-clock.ts';
import { PRINCIPALS, policyRows, right, topic } from './arbitrary-policy.ts';

const person = { displayName: '', email: null, role: 'viewer' as const, isDisabled: false, mustChangePassword: false };
const grant = { groupId: null, tokenId: null, labels: null, reason: '', by: '' };

function rowsWith(grants: PolicyRows['grants'], version = 1): PolicyRows {
  const users = ['alice', 'bob'].map((name) => ({ id: name, name, ...person }));
  return { version, users, groups: [], memberships: [], grants, owners: [], tokens: [] };
}

function start(staleMaxMs = 10_000) {
  const clock = createHandClock();
  const gatekeeper = createGatekeeper({ clock, staleMaxMs });
  const changes: PolicyChange[] = [];
  gatekeeper.onChanged((change) => changes.push(change));
  return { clock, gatekeeper, changes };
}

describe('the gatekeeper', () => {
  it('tells only of those whose access changed', () => {
    const { gatekeeper, changes } = start();
    gatekeeper.adopt(rowsWith([]));
    changes.length = 0;
    gatekeeper.adopt(
      rowsWith([{ id: 'g', userId: 'alice', pattern: 'a.*', rights: ['subscribe'], until: null, ...grant }], 2),
    );
    expect(changes.map((change) => [change.why, [...change.principalIds]])).toEqual([['policy', ['alice']]]);
    gatekeeper.adopt(
      rowsWith([{ id: 'g', userId: 'alice', pattern: 'a.*', rights: ['subscribe'], until: null, ...grant }], 3),
    );
    expect(changes.length).toBe(1);
  });

  it('has decided anew before it tells: who asks in the listener gets the new answer', () => {
    const { gatekeeper } = start();
    gatekeeper.adopt(
      rowsWith([{ id: 'g', userId: 'alice', pattern: 'a', rights: ['subscribe'], until: null, ...grant }]),
    );
    const seen: boolean[] = [];
    gatekeeper.onChanged(() => seen.push(gatekeeper.decide('alice', 'subscribe', 'a').allow));
    gatekeeper.adopt(rowsWith([], 2));
    expect(seen).toEqual([false]);
  });

  it('tells at the end of a grant, once, also where the policy is read again at that very moment', () => {
    const { clock, gatekeeper, changes } = start();
    const end = clock.now() + 5_000;
    const rows = rowsWith([{ id: 'g', userId: 'alice', pattern: 'a', rights: ['subscribe'], until: end, ...grant }]);
    gatekeeper.adopt(rows);
    expect(gatekeeper.nextEnd('alice')).toBe(end);
    changes.length = 0;
    clock.pass(4_999);
    expect(gatekeeper.decide('alice', 'subscribe', 'a').allow).toBe(true);
    gatekeeper.adopt({ ...rows, version: 2 });
    clock.pass(2);
    gatekeeper.adopt({ ...rows, version: 3 });
    clock.pass(100);
    const told = changes.filter((change) => change.why === 'grant_ended');
    expect(told.map((change) => [...change.principalIds])).toEqual([['alice']]);
    expect(gatekeeper.decide('alice', 'subscribe', 'a')).toMatchObject({ allow: false, reason: 'grant_ended' });
  });

  it('ends grants by the clock of the database where this one is off', () => {
    const { clock, gatekeeper, changes } = start(60_000);
    const end = clock.now() + 5_000;
    gatekeeper.adopt(
      rowsWith([{ id: 'g', userId: 'alice', pattern: 'a', rights: ['subscribe'], until: end, ...grant }]),
    );
    gatekeeper.confirm(4_000);
    changes.length = 0;
    clock.pass(1_001);
    expect(changes.map((change) => change.why)).toEqual(['grant_ended']);
    expect(gatekeeper.decide('alice', 'subscribe', 'a').allow).toBe(false);
  });

  it('refuses everybody when the database has been silent for too long, and says so once', () => {
    const { clock, gatekeeper, changes } = start(3_000);
    gatekeeper.adopt(
      rowsWith([{ id: 'g', userId: 'alice', pattern: 'a', rights: ['subscribe'], until: null, ...grant }]),
    );
    changes.length = 0;
    clock.pass(2_000);
    gatekeeper.confirm(0);
    clock.pass(2_999);
    expect(gatekeeper.decide('alice', 'subscribe', 'a').allow).toBe(true);
    clock.pass(1);
    expect(gatekeeper.decide('alice', 'subscribe', 'a')).toMatchObject({ allow: false, reason: 'policy_too_old' });
    clock.pass(60_000);
    gatekeeper.confirm(0);
    expect(gatekeeper.decide('alice', 'subscribe', 'a').allow).toBe(true);
    expect(changes.map((change) => [change.why, change.principalIds])).toEqual([
      ['too_old', 'all'],
      ['back', 'all'],
    ]);
  });

  it('never changes an answer without telling whom it concerns', () => {
    fc.assert(
      fc.property(
        policyRows,
        policyRows,
        fc.array(fc.tuple(right, topic), { maxLength: 20 }),
        (before, after, asked) => {
          const { gatekeeper, changes } = start();
          const answers = () =>
            PRINCIPALS.map((id) =>
              JSON.stringify(
                asked.map(([action, name]) => {
                  const decision = gatekeeper.decide(id, action, name);
                  return decision.allow ? decision.scope : decision.reason;
                }),
              ),
            );
          gatekeeper.adopt(before);
          const first = answers();
          changes.length = 0;
          gatekeeper.adopt({ ...after, version: 2 });
          const second = answers();
          const told = new Set(
            changes.flatMap((change) => [...(change.principalIds === 'all' ? PRINCIPALS : change.principalIds)]),
          );
          for (const [at, id] of PRINCIPALS.entries()) if (first[at] !== second[at]) expect(told.has(id)).toBe(true);
        },
      ),
      { numRuns: 1_000 },
    );
  });
});
