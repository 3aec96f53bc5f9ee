import { matchesPattern } from '@tidewatch/schemas/pattern';
import { inScope, type Scope } from '@tidewatch/schemas/scope';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { intersectScopes } from '../../src/access/intersect-scopes.ts';
import { createOwners } from '../../src/access/owners.ts';
import { coversPattern, overlapPattern } from '../../src/access/pattern-cover.ts';
import { segmentsMatch, segmentsOf } from '../../src/access/topic-matcher.ts';
import { pattern, topic } from './arbitrary-policy.ts';

/** Every topic of up to five segments over the letters that patterns use, and one letter that none uses. */
const WORLD = (() => {
  let last = [''];
  const all: string[] = [];
  for (let depth = 0; depth < 5; depth++) {
    last = last.flatMap((name) => ['a', 'b', 'c', 'z'].map((part) => (name === '' ? part : `${name}.${part}`)));
    all.push(...last);
  }
  return all;
})();

describe('patterns', () => {
  it('match alike however they are compiled', () => {
    fc.assert(
      fc.property(pattern, topic, (one, name) => {
        expect(segmentsMatch(segmentsOf(one), name.split('.'))).toBe(matchesPattern(one, name));
      }),
      { numRuns: 5_000 },
    );
  });

  it('cover another exactly where every topic of that one is theirs', () => {
    fc.assert(
      fc.property(pattern, pattern, (wide, narrow) => {
        const isCovered = WORLD.every((name) => !matchesPattern(narrow, name) || matchesPattern(wide, name));
        expect(coversPattern(wide, narrow)).toBe(isCovered);
      }),
      { numRuns: 400 },
    );
  });

  it('overlap exactly where some topic is matched by both', () => {
    fc.assert(
      fc.property(pattern, pattern, (a, b) => {
        const hasShared = WORLD.some((name) => matchesPattern(a, name) && matchesPattern(b, name));
        expect(overlapPattern(a, b)).toBe(hasShared);
      }),
      { numRuns: 400 },
    );
  });
});

describe('owners', () => {
  const rows = fc.uniqueArray(
    fc.record({ pattern, groupId: fc.constantFrom('g0', 'g1'), group: fc.constant('g'), isSensitive: fc.boolean() }),
    { selector: (row) => row.pattern, maxLength: 5 },
  );

  it('let a group grant only where every topic of the pattern, also a future one, is its own', () => {
    fc.assert(
      fc.property(rows, pattern, (list, wanted) => {
        const owners = createOwners(list);
        if (!owners.areOwnedBy(wanted, new Set(['g0']))) return;
        for (const name of WORLD) if (matchesPattern(wanted, name)) expect(owners.of(name).groupId).toBe('g0');
      }),
      { numRuns: 500 },
    );
  });

  it('call a pattern possibly sensitive wherever one of its topics is', () => {
    fc.assert(
      fc.property(rows, pattern, (list, wanted) => {
        const owners = createOwners(list);
        const isSensitive = WORLD.some((name) => matchesPattern(wanted, name) && owners.of(name).isSensitive);
        if (isSensitive) expect(owners.mayBeSensitive(wanted)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('are the admins where no row matches, and the most precise row where several do', () => {
    const row = (text: string, group: string) => ({ pattern: text, groupId: group, group, isSensitive: false });
    const owners = createOwners([row('shop.**', 'shop'), row('shop.*', 'shelf'), row('shop.cart', 'cart')]);
    expect(['web.cdn', 'shop.a.b', 'shop.a', 'shop.cart'].map((name) => owners.of(name).owner)).toEqual([
      ...['admins', 'shop', 'shelf', 'cart'],
    ]);
  });
});

describe('the scope that two scopes share', () => {
  const filter = fc.dictionary(fc.constantFrom('x', 'y', 'z'), fc.constantFrom('1', '2'), {
    minKeys: 1,
    noNullPrototype: true,
  });
  const scope: fc.Arbitrary<Scope> = fc.oneof(fc.constant('all' as const), fc.array(filter, { maxLength: 3 }));

  it('lets through exactly what both do', () => {
    fc.assert(
      fc.property(
        scope,
        scope,
        fc.dictionary(fc.constantFrom('x', 'y', 'z'), fc.constantFrom('1', '2', '3')),
        (a, b, labels) => {
          expect(inScope(intersectScopes(a, b), labels)).toBe(inScope(a, labels) && inScope(b, labels));
        },
      ),
      { numRuns: 3_000 },
    );
  });
});
