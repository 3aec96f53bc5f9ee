// Random policies over a small world, so that rules meet: people in groups, tokens, grants that ended or will, label
// filters, owners. Used by every property about access.
import { RIGHTS } from '@tidewatch/schemas/right';
import fc from 'fast-check';
import type { PolicyRows } from '../../src/access/policy.ts';

export const NOW = 1_000_000;
const segment = fc.constantFrom('a', 'b', 'c');
export const topic = fc.array(segment, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('.'));
export const pattern = fc
  .tuple(fc.array(fc.constantFrom('a', 'b', 'c', '*'), { maxLength: 3 }), fc.boolean())
  .filter(([parts, isDeep]) => parts.length > 0 || isDeep)
  .map(([parts, isDeep]) => [...parts, ...(isDeep ? ['**'] : [])].join('.'));
export const right = fc.constantFrom(...RIGHTS);
const rights = fc.uniqueArray(right, { minLength: 1 });
const labels = fc.option(
  fc.dictionary(fc.constantFrom('region', 'tier'), fc.constantFrom('eu', 'us'), { minKeys: 1, noNullPrototype: true }),
);
const until = fc.option(fc.constantFrom(NOW - 1, NOW, NOW + 1, NOW + 1_000));

const USERS = ['u0', 'u1', 'u2'];
const GROUPS = ['g0', 'g1'];
const TOKENS = ['t0', 't1'];
export const PRINCIPALS = [...USERS, ...TOKENS];

const grantee = fc.constantFrom(
  ...USERS.map((userId) => ({ userId, groupId: null, tokenId: null })),
  ...GROUPS.map((groupId) => ({ userId: null, groupId, tokenId: null })),
  ...TOKENS.map((tokenId) => ({ userId: null, groupId: null, tokenId })),
);

export const policyRows: fc.Arbitrary<PolicyRows> = fc.record({
  version: fc.constant(1),
  users: fc.tuple(
    ...USERS.map((id) =>
      fc.record({
        id: fc.constant(id),
        name: fc.constant(id),
        displayName: fc.constant(''),
        email: fc.constant(null),
        role: fc.constantFrom('viewer' as const, 'editor' as const, 'viewer' as const, 'admin' as const),
        isDisabled: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
        mustChangePassword: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
      }),
    ),
  ),
  groups: fc.constant(GROUPS.map((id) => ({ id, name: `group ${id}` }))),
  memberships: fc.uniqueArray(fc.record({ userId: fc.constantFrom(...USERS), groupId: fc.constantFrom(...GROUPS) }), {
    selector: ({ userId, groupId }) => `${userId} ${groupId}`,
  }),
  grants: fc
    .array(
      fc
        .tuple(grantee, pattern, rights, labels, until)
        .map(([who, pattern, rights, labels, until]) => ({ ...who, pattern, rights, labels, until })),
      { maxLength: 12 },
    )
    .map((list) => list.map((grant, at) => ({ ...grant, id: `r${at}`, reason: '', by: 'test' }))),
  owners: fc
    .uniqueArray(pattern, { maxLength: 4 })
    .chain((patterns) =>
      fc.tuple(
        ...patterns.map((pattern) =>
          fc.record({ pattern: fc.constant(pattern), groupId: fc.constantFrom(...GROUPS), isSensitive: fc.boolean() }),
        ),
      ),
    ),
  tokens: fc.tuple(
    ...TOKENS.map((id) =>
      fc.record({
        id: fc.constant(id),
        name: fc.constant(id),
        kind: fc.constantFrom('service' as const, 'screen' as const),
        onBehalfOf: fc.option(fc.constantFrom(...USERS, 'somebody who left')),
        rights,
        patterns: fc.array(pattern, { minLength: 1, maxLength: 2 }),
        expires: until,
        isRevoked: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
        by: fc.constant('test'),
      }),
    ),
  ),
});
