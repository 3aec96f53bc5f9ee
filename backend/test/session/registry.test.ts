import { describe, expect, it } from 'vitest';
import { createMemoryTransport } from './memory-transport.ts';
import { createSessionKit } from './session-kit.ts';

const visitorOf = (id: string) => ({
  principal: { kind: 'person' as const, id, name: id },
  subprotocol: 'binary' as const,
  address: '127.0.0.1',
  userAgent: 'test',
});

describe('the registry', () => {
  it('admits up to its caps, in all and for one principal', () => {
    const kit = createSessionKit({ connectionsMax: 3, connectionsPerPrincipalMax: 2 });
    kit.connect('eve');
    kit.connect('eve');
    expect([kit.registry.admits('eve'), kit.registry.admits('bob')]).toEqual([false, true]);
    kit.connect('bob');
    expect(kit.registry.admits('bob')).toBe(false);
  });

  it('kicks one session, or all of a person', () => {
    const kit = createSessionKit();
    const [a, b, c] = [kit.connect('eve'), kit.connect('eve'), kit.connect('bob')];
    expect(kit.registry.kick(a.session.id)).toBe(1);
    expect([a, b, c].map(({ client }) => client.closedAs)).toEqual(['kicked', null, null]);
    expect(kit.registry.kick('eve')).toBe(1);
    expect([a, b, c].map(({ client }) => client.closedAs)).toEqual(['kicked', 'kicked', null]);
    expect(kit.registry.kick('nobody')).toBe(0);
  });

  it('closes a session whose login ended, at once, and gives the lease back', () => {
    const kit = createSessionKit();
    let lose: () => void = () => {};
    let released = 0;
    const lease = {
      credential: { kind: 'login' as const, id: 'l1' },
      principalId: 'eve',
      isHeld: () => true,
      onLost: (listener: () => void) => {
        lose = listener;
      },
      release: () => {
        released += 1;
      },
    };
    const client = createMemoryTransport();
    kit.registry.open({ ...visitorOf('eve'), lease }, client);
    lose();
    expect(client.closedAs).toBe('signedOut');
    expect(released).toBe(1);
    expect(kit.registry.stats()).toMatchObject({ sessions: 0, opened: 1, closed: 1 });
  });

  it('tells those who listen to a topic what its upstream does', () => {
    const kit = createSessionKit();
    kit.policy.grant('eve', '**');
    const [a, b] = [kit.connect('eve').client, kit.connect('eve').client];
    a.send({ type: 'subscribe', id: 1, topic: 'shop.cart' });
    kit.registry.upstreamChanged('shop.cart', { state: 'unreachable', since: 5 });
    kit.clock.pass(50);
    expect(a.messagesOf('upstream')).toEqual([
      { type: 'upstream', topic: 'shop.cart', upstream: { state: 'unreachable', since: 5 } },
    ]);
    expect(b.messagesOf('upstream')).toHaveLength(0);
  });

  it('describes a session as the admin page shows it', () => {
    const kit = createSessionKit();
    kit.policy.grant('eve', '**');
    const { client, session } = kit.connect('eve');
    client.send({ type: 'subscribe', id: 1, topic: 'shop.cart', rate: 10 });
    kit.registry.rows();
    for (let i = 0; i < 10; i++) {
      kit.streams.tick('shop.cart', { bytes: 100 });
      kit.clock.pass(100);
    }
    expect(kit.registry.rows()).toEqual([
      {
        id: session.id,
        principal: { kind: 'person', id: 'eve', name: 'eve' },
        address: '127.0.0.1',
        userAgent: 'test',
        since: 1_700_000_000_000,
        topics: ['shop.cart'],
        framesPerSecond: 10,
        bytesPerSecond: 1_000,
        inFlightBytes: expect.any(Number),
        mergedTicks: 0,
      },
    ]);
  });

  it('closes everybody with the word to come back when it stops, and leaves no timer', () => {
    const kit = createSessionKit();
    const clients = [kit.connect().client, kit.connect().client];
    kit.registry.stop();
    expect(clients.map(({ closedAs }) => closedAs)).toEqual(['restart', 'restart']);
    kit.clock.pass(60_000);
    expect(kit.registry.stats().sessions).toBe(0);
  });
});
