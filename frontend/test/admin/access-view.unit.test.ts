import type { AccessRule, EffectiveAccess } from '@tidewatch/schemas/api-access';
import { describe, expect, it } from 'vitest';
import { ruleGroups, topicRows } from '#lib/admin/access-view.ts';

const rule = (pattern: string, via: AccessRule['via'], reason = ''): AccessRule => ({
  ...{ grant: null, pattern, rights: ['subscribe'], labels: null, until: null, via, by: 'mara', reason },
});
const ops = { kind: 'group', group: { id: '7c1a8a40-0f57-4c3a-9d0b-6f1a4a0e2b11', name: 'Ops' } } as const;
const topic = (name: string, rules: number[]) => ({
  ...{
    topic: name,
    owner: 'Shop',
    isSensitive: false,
    rights: ['subscribe' as const],
    scope: 'all' as const,
    until: null,
    rules,
  },
});
const access: EffectiveAccess = {
  ...{ principal: { kind: 'person', id: 'a', name: 'alice' }, isActive: true, policyVersion: 7, at: 0, hidden: 2 },
  rules: [rule('shop.**', ops), rule('shop.cart', { kind: 'direct' }, 'Report for Q4')],
  topics: [topic('shop.cart', [0, 1]), topic('shop.orders', [0])],
};

describe('what somebody can see, by rule', () => {
  it('puts what was given directly first and names the group of the rest', () => {
    expect(ruleGroups(access).map((group) => group.heading)).toEqual(['Direct', 'Through group Ops']);
  });

  it('counts what each rule matches and says where the same comes from besides', () => {
    const rows = ruleGroups(access).flatMap((group) => group.rows);
    expect(rows.map(({ matches, also }) => ({ matches, also }))).toEqual([
      { matches: 1, also: 'also Ops' },
      { matches: 2, also: '1 also direct' },
    ]);
  });

  it('finds a rule by a topic that it matches, and by its reason', () => {
    expect(ruleGroups(access, 'orders').map((group) => group.heading)).toEqual(['Through group Ops']);
    expect(ruleGroups(access, 'q4').map((group) => group.heading)).toEqual(['Direct']);
    expect(topicRows(access, 'CART').map((row) => row.topic)).toEqual(['shop.cart']);
  });
});
