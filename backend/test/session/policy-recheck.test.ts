import { describe, expect, it } from 'vitest';
import { createSessionKit } from './session-kit.ts';
import { readStubFrame } from './stub-streams.ts';

describe('a change of policy', () => {
  it('ends what it refuses at once, and nothing more of the topic is written', () => {
    const kit = createSessionKit();
    kit.policy.grant('eve', 'shop.**');
    kit.policy.grant('eve', 'edge');
    const { client } = kit.connect();
    client.send({ type: 'subscribe', id: 1, topic: 'shop.cart', rate: 10 });
    client.send({ type: 'subscribe', id: 2, topic: 'edge', rate: 10 });
    kit.streams.tick('shop.cart');
    kit.streams.tick('edge');
    kit.policy.revoke('eve', 'shop.**');
    kit.policyChanged('eve');
    const before = client.writes.length;
    expect(client.messagesOf('revoked')).toEqual([
      { type: 'revoked', topic: 'shop.cart', reason: 'grant_removed', owner: 'shop-team' },
    ]);
    expect(client.messagesOf('access_changed')).toEqual([{ type: 'access_changed', version: 1 }]);
    for (let i = 0; i < 5; i++) {
      kit.streams.tick('shop.cart');
      kit.streams.tick('edge');
      kit.clock.pass(100);
    }
    const later = client.writes.slice(before).flat().map(readStubFrame);
    expect(later.length).toBeGreaterThanOrEqual(5);
    expect(later.every(({ topicId }) => topicId === 2)).toBe(true);
    expect(client.frames().filter((frame) => readStubFrame(frame).topicId === 1)).toHaveLength(1);
    expect(kit.streams.listeners('shop.cart')).toBe(0);
  });

  it('resets a line with more than 64 KB in flight: the kernel gives nothing back', () => {
    const kit = createSessionKit({ snapshotBytes: 100_000 });
    kit.policy.grant('eve', '**');
    const { client } = kit.connect();
    client.isReading = false;
    client.send({ type: 'subscribe', id: 1, topic: 'shop.cart' });
    kit.policy.revoke('eve');
    kit.policyChanged('eve');
    expect(client.closedAs).toBe('reset');
    expect(client.messagesOf('revoked')).toHaveLength(0);
  });

  it('resets a line whose frames wait in this process', () => {
    const kit = createSessionKit();
    kit.policy.grant('eve', '**');
    const { client } = kit.connect();
    client.send({ type: 'subscribe', id: 1, topic: 'shop.cart' });
    client.backlogBytes = 1;
    kit.policy.revoke('eve');
    kit.policyChanged('eve');
    expect(client.closedAs).toBe('reset');
  });

  it('leaves alone those it does not touch', () => {
    const kit = createSessionKit();
    kit.policy.grant('eve', '**');
    kit.policy.grant('bob', '**');
    const bob = kit.connect('bob').client;
    bob.send({ type: 'subscribe', id: 1, topic: 'a' });
    const before = bob.writes.length;
    kit.policy.revoke('eve');
    kit.policyChanged('eve');
    expect(bob.writes.length).toBe(before);
    expect(kit.streams.listeners('a')).toBe(1);
  });

  it('joins anew where the scope changed, and says so before the snapshot', () => {
    const kit = createSessionKit();
    kit.policy.grant('eve', 'shop.**');
    const { client } = kit.connect();
    client.send({ type: 'subscribe', id: 1, topic: 'shop.cart' });
    kit.streams.tick('shop.cart');
    kit.policy.revoke('eve');
    kit.policy.grant('eve', 'shop.**', { scope: [{ region: 'eu' }] });
    kit.policyChanged('eve');
    expect(client.messagesOf('subscribed').at(-1)).toMatchObject({ id: 0, scope: [{ region: 'eu' }], how: 'snapshot' });
    expect(client.messagesOf('revoked')).toHaveLength(0);
    expect(client.frames().map((frame) => readStubFrame(frame).kind)).toEqual(['snapshot', 'snapshot']);
    expect(kit.streams.listeners('shop.cart')).toBe(1);
  });

  it('names the end of a grant as such', () => {
    const kit = createSessionKit();
    kit.policy.grant('eve', '**', { until: kit.clock.now() + 5_000 });
    const { client } = kit.connect();
    client.send({ type: 'subscribe', id: 1, topic: 'a' });
    kit.clock.pass(5_000);
    kit.policyChanged('eve');
    expect(client.messagesOf('revoked')).toMatchObject([{ topic: 'a', reason: 'grant_ended' }]);
  });
});
