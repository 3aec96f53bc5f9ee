import { ServerMessage } from '@tidewatch/schemas/message-server';
import { describe, expect, it } from 'vitest';
import type { TopicFacts } from '../../src/session/topic-board.ts';
import { createSessionKit } from './session-kit.ts';

const facts = (topic: string, lastSeen = 1): TopicFacts => ({
  topic,
  series: 3,
  metrics: 2,
  units: ['ms'],
  rate: 1.5,
  lastSeen,
  states: [3, 0, 0, 0],
  upstream: { state: 'live', since: 0 },
});

function watching(areTopicNamesHidden = false) {
  const kit = createSessionKit({ areTopicNamesHidden });
  kit.policy.grant('eve', 'shop.**');
  for (const topic of ['shop.cart', 'pay.cards']) kit.topics.set(topic, facts(topic));
  const { client } = kit.connect();
  client.send({ type: 'watch_topics', id: 1, isOn: true });
  return { ...kit, client };
}

describe('the watched list of topics', () => {
  it('comes whole at once: all names, numbers only where one may subscribe', () => {
    const { client } = watching();
    const [list] = client.messagesOf('topics');
    expect(ServerMessage.parse(list)).toMatchObject({ isWhole: true, gone: [] });
    expect(list?.rows).toEqual([
      { topic: 'pay.cards', owner: 'shop-team', isSensitive: false, rights: [], until: null },
      {
        owner: 'shop-team',
        isSensitive: false,
        rights: ['subscribe', 'history'],
        until: null,
        ...facts('shop.cart'),
      },
    ]);
  });

  it('leaves out forbidden names where they are hidden', () => {
    const { client } = watching(true);
    expect(client.messagesOf('topics')[0]?.rows.map(({ topic }) => topic)).toEqual(['shop.cart']);
  });

  it('then says once a second what changed, and nothing where nothing did', () => {
    const { client, topics, clock } = watching();
    clock.pass(3_000);
    expect(client.messagesOf('topics')).toHaveLength(1);
    topics.set('shop.cart', facts('shop.cart', 2));
    topics.set('shop.new', facts('shop.new'));
    topics.delete('pay.cards');
    clock.pass(1_100);
    const change = client.messagesOf('topics')[1];
    expect(change).toMatchObject({ isWhole: false, gone: ['pay.cards'] });
    expect(change?.rows.map(({ topic, lastSeen }) => [topic, lastSeen])).toEqual([
      ['shop.cart', 2],
      ['shop.new', 1],
    ]);
  });

  it('unlocks and locks rows when the policy changes', () => {
    const { client, policy, policyChanged, clock } = watching();
    policy.revoke('eve');
    policyChanged('eve');
    clock.pass(1_100);
    expect(client.messagesOf('topics')[1]?.rows).toEqual([
      { topic: 'shop.cart', owner: 'shop-team', isSensitive: false, rights: [], until: null },
    ]);
  });

  it('leaves counts out for those who may see only some series', () => {
    const { client, policy, policyChanged, clock } = watching();
    policy.revoke('eve');
    policy.grant('eve', 'shop.**', { scope: [{ region: 'eu' }] });
    policyChanged('eve');
    clock.pass(1_100);
    const [row] = client.messagesOf('topics')[1]?.rows ?? [];
    expect(row).toMatchObject({ topic: 'shop.cart', lastSeen: 1 });
    expect(row).not.toHaveProperty('series');
    expect(row).not.toHaveProperty('units');
  });

  it('stops when turned off', () => {
    const { client, topics, clock } = watching();
    client.send({ type: 'watch_topics', id: 2, isOn: false });
    topics.set('shop.cart', facts('shop.cart', 2));
    clock.pass(5_000);
    expect(client.messagesOf('topics')).toHaveLength(1);
  });
});
