import { describe, expect, it } from 'vitest';
import { createSessionKit } from './session-kit.ts';
import { readStubFrame } from './stub-streams.ts';

/** A client that has shown that it reads: its outbox is open. */
function subscribed(topics: readonly string[] = ['shop.cart'], snapshotBytes = 200) {
  const kit = createSessionKit({ snapshotBytes });
  kit.policy.grant('eve', '**');
  const connection = kit.connect();
  for (const [at, topic] of topics.entries()) connection.client.send({ type: 'subscribe', id: at + 1, topic, rate: 4 });
  for (let i = 0; i < WARM_UP; i++) {
    for (const topic of topics) kit.streams.tick(topic);
    kit.clock.pass(250);
  }
  expect(connection.session.outbox.state).toBe('open');
  return { ...kit, ...connection };
}
const WARM_UP = 4;

const kindsOf = (frames: readonly unknown[]) => frames.map((frame) => readStubFrame(frame).kind);

describe('the outbox', () => {
  it('writes once a beat for four topics', () => {
    const { client, streams, clock } = subscribed(['a', 'b', 'c', 'd']);
    const before = client.writes.length;
    for (const topic of ['a', 'b', 'c', 'd']) streams.tick(topic);
    expect(client.writes.length).toBe(before);
    clock.pass(50);
    expect(client.writes.slice(before).map((write) => write.length)).toEqual([4]);
  });

  it('writes the first change after quiet at once', () => {
    const { client, streams } = subscribed();
    const before = client.writes.length;
    streams.tick('shop.cart', { isLeading: true });
    expect(client.writes.length).toBe(before + 1);
  });

  it('asks at least every 2 s and every 32 KB what was taken, in the same write as the data', () => {
    const { client, streams, clock } = subscribed();
    for (let i = 0; i < 45; i++) {
      streams.tick('shop.cart', { bytes: 10 });
      clock.pass(250);
    }
    expect(client.pings.length).toBeGreaterThanOrEqual(5);
    expect(client.writes.every((write) => write.length > 0)).toBe(true);
    const before = client.pings.length;
    for (let i = 0; i < 10; i++) {
      streams.tick('shop.cart', { bytes: 16_384 });
      clock.pass(50);
    }
    expect(client.pings.length - before).toBeGreaterThanOrEqual(5);
  });

  it('asks after a burst that nothing follows', () => {
    const { client, streams, clock, session } = subscribed();
    clock.pass(100);
    streams.tick('shop.cart', { bytes: 5_000 });
    clock.pass(3_000);
    expect(client.pings.length).toBeGreaterThan(0);
    expect(session.outbox.inFlightBytes).toBe(0);
  });

  it('skips ticks while more than the limit is in flight, and sends one merged delta when it was taken', () => {
    const { client, streams, clock, session } = subscribed();
    client.isReading = false;
    for (let i = 0; i < 30; i++) {
      streams.tick('shop.cart', { bytes: 8_000 });
      clock.pass(50);
    }
    expect(session.outbox.state).toBe('held');
    expect(session.outbox.inFlightBytes).toBeLessThan(65_536 + 2 * 8_000);
    const held = client.frames().length;
    client.take();
    streams.tick('shop.cart');
    clock.pass(50);
    const after = client.frames().slice(held);
    expect(kindsOf(after)).toEqual(['merged']);
    expect(readStubFrame(after[0])).toMatchObject({ from: held - 1, to: WARM_UP + 31 });
  });

  it('skips ticks while a ping is 2 s unanswered, however little is in flight', () => {
    const { client, streams, clock, session } = subscribed();
    client.isReading = false;
    for (let i = 0; i < 40; i++) {
      streams.tick('shop.cart', { bytes: 20 });
      clock.pass(250);
    }
    expect(session.outbox.state).toBe('held');
    expect(client.frames().length).toBeLessThan(25);
    expect(session.mergedTicks).toBeGreaterThan(20);
  });

  it('makes up for skipped ticks when the topic fell quiet meanwhile', () => {
    const { client, streams, clock } = subscribed();
    client.isReading = false;
    for (let i = 0; i < 40; i++) {
      streams.tick('shop.cart');
      clock.pass(250);
    }
    client.isReading = true;
    client.take();
    clock.pass(1_000);
    expect(readStubFrame(client.frames().at(-1))).toMatchObject({ kind: 'merged', to: WARM_UP + 40 });
  });

  it('sends one thing at a time to a client that was held, until it answers quickly again', () => {
    const { client, streams, clock, session } = subscribed();
    client.isReading = false;
    for (let i = 0; i < 40; i++) {
      streams.tick('shop.cart');
      clock.pass(250);
    }
    client.take();
    expect(session.outbox.state).toBe('careful');
    const before = client.frames().length;
    for (let i = 0; i < 4; i++) {
      streams.tick('shop.cart');
      clock.pass(250);
    }
    expect(client.frames().length).toBe(before + 1);
    client.isReading = true;
    client.take();
    for (let i = 0; i < 5; i++) {
      streams.tick('shop.cart');
      clock.pass(250);
    }
    expect(session.outbox.state).toBe('open');
  });

  it('does not count a snapshot against the limit', () => {
    const { client, session, streams, clock } = subscribed(['shop.cart'], 500_000);
    client.isReading = false;
    const before = client.frames().length;
    client.send({ type: 'resync', id: 9, topic: 'shop.cart', why: 'gap' });
    clock.pass(500);
    streams.tick('shop.cart');
    clock.pass(50);
    expect(session.outbox.state).toBe('open');
    expect(kindsOf(client.frames().slice(before))).toEqual(['snapshot', 'delta']);
  });

  it('sends a new client one thing at a time until it has shown that it reads', () => {
    const kit = createSessionKit();
    kit.policy.grant('eve', '**');
    const { client } = kit.connect();
    client.send({ type: 'subscribe', id: 1, topic: 'shop.cart', rate: 4 });
    client.isReading = false;
    for (let i = 0; i < 6; i++) {
      kit.streams.tick('shop.cart');
      kit.clock.pass(250);
    }
    expect(client.frames()).toHaveLength(2);
    client.take();
    kit.streams.tick('shop.cart');
    kit.clock.pass(250);
    expect(readStubFrame(client.frames()[2])).toMatchObject({ kind: 'merged', from: 1, to: 7 });
  });

  it('takes a client that is far away for what it is, and not for a slow one', () => {
    const kit = createSessionKit();
    kit.policy.grant('eve', '**');
    const { client, session } = kit.connect('eve', 'binary', false);
    client.send({ type: 'subscribe', id: 1, topic: 'shop.cart', rate: 1 });
    for (let i = 0; i < 8; i++) {
      kit.clock.pass(700);
      client.take();
      kit.clock.pass(300);
      kit.streams.tick('shop.cart');
    }
    expect(session.outbox.state).toBe('open');
  });

  it('closes by name a client that takes nothing for 30 s', () => {
    const { client, clock, session } = subscribed();
    client.isReading = false;
    clock.pass(29_000);
    expect(session.isOpen).toBe(true);
    clock.pass(8_000);
    expect(client.closedAs).toBe('slow');
  });

  it('takes no pong for a ping that was never sent', () => {
    const { client, session, streams, clock } = subscribed();
    client.isReading = false;
    streams.tick('shop.cart', { bytes: 40_000 });
    clock.pass(50);
    const inFlight = session.outbox.inFlightBytes;
    for (const mark of ['99999999', '-1', '', 'x', '1e9']) client.emit({ type: 'pong', mark });
    expect(session.outbox.inFlightBytes).toBe(inFlight);
  });

  it('closes a client that forges its pongs when this process holds too much for it', () => {
    const { client, clock } = subscribed();
    client.backlogBytes = 17 * 1024 * 1024;
    clock.pass(1_000);
    expect(client.closedAs).toBe('slow');
  });
});
