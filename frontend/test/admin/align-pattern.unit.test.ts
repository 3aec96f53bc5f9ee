import { matchesPattern } from '@tidewatch/schemas/pattern';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alignPattern, differenceText } from '#lib/admin/align-pattern.ts';

const segment = fc.constantFrom('a', 'b', 'c');
const topic = fc.array(segment, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('.'));
const pattern = fc
  .tuple(fc.array(fc.oneof(segment, fc.constant('*')), { minLength: 1, maxLength: 4 }), fc.boolean())
  .map(([parts, isDeep]) => (isDeep ? [...parts, '**'] : parts).join('.'));

describe('a pattern over a topic', () => {
  it('shows a difference exactly where the pattern does not match', () => {
    fc.assert(
      fc.property(pattern, topic, (want, have) => (differenceText(want, have) === '') === matchesPattern(want, have)),
    );
  });

  it('puts everything below under the two asterisks', () => {
    expect(alignPattern('shop.**', 'shop.cart.eu')).toEqual([
      { want: 'shop', have: 'shop', isStar: false, isEqual: true },
      { want: '**', have: 'cart.eu', isStar: true, isEqual: true },
    ]);
  });

  it('says in words which segment differs', () => {
    expect(differenceText('payments.eu.approvals', 'payments.eu.latency')).toBe('third segment differs');
    expect(differenceText('shop.*', 'payments.eu.latency')).toBe('first, third segments differ');
  });
});
