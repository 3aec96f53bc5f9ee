import type { TopicRow } from '@tidewatch/schemas/message-server';
import { describe, expect, test } from 'vitest';
import { groupTopics, isSilent, isUnder, matches, topicTree, troubleOf } from '#lib/live/topic-tree.ts';

const row = (topic: string, more: Partial<TopicRow> = {}): TopicRow => ({
  topic,
  owner: 'Team',
  isSensitive: false,
  rights: ['subscribe'],
  until: null,
  ...more,
});

describe('the tree of topics', () => {
  test('counts what lies under each prefix, two levels deep', () => {
    const tree = topicTree([
      'shop.cart',
      'shop.cart.errors',
      'shop.orders',
      'payments.eu.a',
      'payments.eu.b',
      'payments.us.a',
      'solo',
    ]);
    expect(tree.map(({ prefix, count }) => [prefix, count])).toEqual([
      ['payments', 3],
      ['shop', 3],
      ['solo', 1],
    ]);
    expect(tree[0]?.branches.map(({ prefix, count }) => [prefix, count])).toEqual([
      ['payments.eu', 2],
      ['payments.us', 1],
    ]);
  });
  test('a prefix ends at a dot', () => {
    expect(isUnder('shop.cart', 'shop')).toBe(true);
    expect(isUnder('shopping.cart', 'shop')).toBe(false);
  });
  test('groups by first segment, or by what was chosen', () => {
    const rows = [row('shop.b'), row('shop.a', { rights: [] }), row('payments.eu.a')];
    expect(groupTopics(rows, []).map((g) => [g.prefix, g.rows.length, g.mine])).toEqual([
      ['payments', 1, 1],
      ['shop', 2, 1],
    ]);
    expect(groupTopics(rows, ['payments.eu'])[0]?.prefix).toBe('payments.eu');
  });
});

describe('a topic', () => {
  test('is silent when nothing of it is heard, and never merely because it is locked', () => {
    expect(isSilent(row('a', { lastSeen: 0 }))).toBe(true);
    expect(isSilent(row('a', { lastSeen: 5, states: [0, 0, 3, 1] }))).toBe(true);
    expect(isSilent(row('a', { lastSeen: 5, states: [1, 0, 3, 0] }))).toBe(false);
    expect(isSilent(row('a', { rights: [] }))).toBe(false);
  });
  test('says the worst of itself', () => {
    expect(troubleOf(row('a', { states: [5, 0, 1, 0] }))).toBe('stale');
    expect(troubleOf(row('a', { states: [5, 0, 1, 0], upstream: { state: 'unreachable', since: 1 } }))).toBe(
      'unreachable',
    );
    expect(troubleOf(row('a', { states: [5, 0, 0, 9] }))).toBeNull();
    expect(troubleOf(row('a', { rights: [], states: [0, 0, 9, 0] }))).toBeNull();
  });
  test('is found by name, owner and unit', () => {
    const found = row('shop.checkout', { owner: 'Team Checkout', units: ['ms'] });
    expect(['check team', 'ms', 'SHOP'].map((text) => matches(found, text))).toEqual([true, true, true]);
    expect(matches(found, 'payments')).toBe(false);
  });
});
