import { ClientMessage } from '@tidewatch/schemas/message-client';
import { ServerMessage } from '@tidewatch/schemas/message-server';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MESSAGES_BURST, REFUSED_MAX } from '../../src/session/message-limit.ts';
import { SUBSCRIPTIONS_MAX } from '../../src/session/session-context.ts';
import { createSessionKit } from './session-kit.ts';
import { readStubFrame } from './stub-streams.ts';

describe('a session', () => {
  it('says hello with what a client needs to know', () => {
    const { client, session } = createSessionKit().connect();
    expect(client.messages()).toEqual([
      {
        type: 'hello',
        protocol: 1,
        session: session.id,
        now: 1_700_000_000_000,
        heartbeatMs: 4_000,
        build: 'test',
        principal: { kind: 'person', name: 'eve' },
        subscriptionsMax: SUBSCRIPTIONS_MAX,
      },
    ]);
  });

  it('answers a subscribe by its id, then sends the snapshot, in one write', () => {
    const kit = createSessionKit();
    kit.policy.grant('eve', 'shop.**');
    const { client } = kit.connect();
    client.send({ type: 'subscribe', id: 7, topic: 'shop.cart', rate: 4 });
    const [text, frame] = client.writes[1] ?? [];
    expect(ServerMessage.parse(JSON.parse(String(text)))).toMatchObject({
      type: 'subscribed',
      id: 7,
      topic: 'shop.cart',
      how: 'snapshot',
      rate: 4,
      rights: ['subscribe', 'history'],
      scope: 'all',
    });
    expect(readStubFrame(frame).kind).toBe('snapshot');
  });

  it('refuses a topic nobody granted, naming who may grant it', () => {
    const kit = createSessionKit();
    const { client } = kit.connect();
    client.send({ type: 'subscribe', id: 3, topic: 'shop.cart' });
    expect(client.messagesOf('error')).toEqual([
      {
        type: 'error',
        id: 3,
        code: 'forbidden',
        message: 'No grant lets you read shop.cart.',
        topic: 'shop.cart',
        owner: 'shop-team',
      },
    ]);
    expect(kit.streams.listeners('shop.cart')).toBe(0);
  });

  it('lives on after a message that is no JSON, and says so', () => {
    const kit = createSessionKit();
    kit.policy.grant('eve', '**');
    const { client } = kit.connect();
    client.sendText('{"type":');
    client.send({ type: 'subscribe', id: 1, topic: 'shop.cart' });
    expect(client.messagesOf('error')[0]).toMatchObject({ id: 0, code: 'bad_message' });
    expect(client.messagesOf('error')[0]?.message).toMatch(/^This is not JSON/);
    expect(client.messagesOf('subscribed')).toHaveLength(1);
  });

  it.each([
    [{ type: 'subscribe', id: 9, topic: 'a..b' }, 9, /^Field "topic" of "subscribe"/],
    [{ type: 'subscribe', id: 9, topic: 'a', rate: 3 }, 9, /^Field "rate" of "subscribe"/],
    [{ type: 'subscribe', id: 9, topic: 'a', resume: { epoch: 'x' } }, 9, /^Field "resume.seq" of "subscribe"/],
    [{ type: 'subscribe', id: 9, topic: 'a', extra: 1 }, 9, /extra/],
    [{ type: 'subscribe', id: -1, topic: 'a' }, 0, /^Field "id" of "subscribe"/],
    [{ type: 'dance', id: 4 }, 4, /^Field "type" is one of subscribe, unsubscribe/],
    [[], 0, /JSON object/],
    [null, 0, /JSON object/],
  ])('names the field that is wrong: %j', (message, id, text) => {
    const { client } = createSessionKit().connect();
    client.sendText(JSON.stringify(message));
    const [error] = client.messagesOf('error');
    expect(error).toMatchObject({ id, code: 'bad_message' });
    expect(error?.message).toMatch(text);
  });

  it('answers whatever a client sends, and never throws', () => {
    const anyMessage = fc.oneof(
      fc.string(),
      fc.json(),
      fc
        .record({
          type: fc.constantFrom(...ClientMessage.options.map((option) => option.shape.type.value), 'x'),
          id: fc.oneof(fc.integer(), fc.double(), fc.string()),
          topic: fc.oneof(fc.constantFrom('shop.cart', 'a', ''), fc.string()),
          from: fc.integer(),
          to: fc.integer(),
          stepMs: fc.constantFrom(1_000, 5),
          isOn: fc.boolean(),
          why: fc.constant('gap'),
        })
        .map((message) => JSON.stringify(message)),
    );
    fc.assert(
      fc.property(fc.array(anyMessage, { maxLength: 50 }), (texts) => {
        const kit = createSessionKit();
        kit.policy.grant('eve', 'shop.**');
        const { client, session } = kit.connect();
        for (const text of texts) client.sendText(text);
        expect(session.isOpen).toBe(true);
        for (const message of client.messages()) ServerMessage.parse(message);
        expect(client.writes.length).toBeGreaterThanOrEqual(1);
      }),
    );
  });

  it('answers a client that speaks too fast, and closes one that goes on', () => {
    const kit = createSessionKit();
    const { client, session } = kit.connect();
    for (let i = 0; i < MESSAGES_BURST + 1; i++) client.sendText('{}');
    expect(client.messagesOf('error').at(-1)?.code).toBe('too_fast');
    expect(client.messagesOf('error').filter(({ code }) => code === 'too_fast')).toHaveLength(1);
    for (let i = 0; i < REFUSED_MAX; i++) client.sendText('{}');
    expect(client.closedAs).toBe('protocol');
    expect(session.isOpen).toBe(false);
  });

  it('has a named cap on subscriptions', () => {
    const kit = createSessionKit();
    kit.policy.grant('eve', '**');
    const { client } = kit.connect();
    for (let i = 0; i <= SUBSCRIPTIONS_MAX; i++) client.send({ type: 'subscribe', id: i + 1, topic: `t${i}` });
    expect(client.messagesOf('subscribed')).toHaveLength(SUBSCRIPTIONS_MAX);
    expect(client.messagesOf('error')).toMatchObject([{ id: SUBSCRIPTIONS_MAX + 1, code: 'too_many' }]);
  });

  it('goes on from where it is when the rate of an open subscription changes', () => {
    const kit = createSessionKit();
    kit.policy.grant('eve', '**');
    const { client } = kit.connect();
    client.send({ type: 'subscribe', id: 1, topic: 'shop.cart' });
    kit.streams.tick('shop.cart');
    kit.clock.pass(50);
    client.send({ type: 'subscribe', id: 2, topic: 'shop.cart', rate: 10 });
    expect(client.messagesOf('subscribed').map(({ how, rate }) => [how, rate])).toEqual([
      ['snapshot', 1],
      ['resumed', 10],
    ]);
    expect(readStubFrame(client.frames().at(-1))).toMatchObject({ kind: 'merged', from: 1, to: 1 });
    expect(kit.streams.listeners('shop.cart')).toBe(1);
  });

  it('sends a snapshot on resync, and refuses one of a topic that is not open', () => {
    const kit = createSessionKit();
    kit.policy.grant('eve', '**');
    const { client } = kit.connect();
    client.send({ type: 'resync', id: 1, topic: 'shop.cart', why: 'gap' });
    expect(client.messagesOf('error')[0]).toMatchObject({ id: 1, code: 'not_subscribed' });
    client.send({ type: 'subscribe', id: 2, topic: 'shop.cart' });
    client.send({ type: 'resync', id: 3, topic: 'shop.cart', why: 'gap' });
    expect(client.frames().map((frame) => readStubFrame(frame).kind)).toEqual(['snapshot', 'snapshot']);
  });

  it('leaves the stream and says so on unsubscribe, and on the end of the line', () => {
    const kit = createSessionKit();
    kit.policy.grant('eve', '**');
    const { client } = kit.connect();
    client.send({ type: 'subscribe', id: 1, topic: 'a' });
    client.send({ type: 'subscribe', id: 2, topic: 'b' });
    client.send({ type: 'unsubscribe', id: 3, topic: 'a' });
    expect(client.messagesOf('unsubscribed')).toEqual([{ type: 'unsubscribed', id: 3, topic: 'a' }]);
    client.emit({ type: 'closed' });
    expect([kit.streams.listeners('a'), kit.streams.listeners('b')]).toEqual([0, 0]);
    expect(kit.registry.stats().sessions).toBe(0);
  });

  it('says heartbeat after 4 s of silence and not while data goes out', () => {
    const kit = createSessionKit();
    kit.policy.grant('eve', '**');
    const { client } = kit.connect();
    client.send({ type: 'subscribe', id: 1, topic: 'a' });
    for (let i = 0; i < 10; i++) {
      kit.clock.pass(1_000);
      kit.streams.tick('a');
    }
    expect(client.messagesOf('heartbeat')).toHaveLength(0);
    let longest = 0;
    for (let silent = 0, i = 0; i < 200; i++) {
      const before = client.writes.length;
      kit.clock.pass(100);
      silent = client.writes.length > before ? 0 : silent + 100;
      longest = Math.max(longest, silent);
    }
    expect(client.messagesOf('heartbeat').length).toBeGreaterThanOrEqual(5);
    expect(longest).toBeLessThanOrEqual(4_000);
  });

  it('reads a later request only when what an earlier one asked for was taken', () => {
    const kit = createSessionKit({ snapshotBytes: 100_000 });
    kit.policy.grant('eve', '**');
    const { client } = kit.connect();
    client.isReading = false;
    for (let i = 0; i < 10; i++) client.send({ type: 'subscribe', id: i + 1, topic: `t${i}` });
    expect(client.messagesOf('subscribed')).toHaveLength(1);
    const [hello, subscribed, snapshot, ping] = [1, 1, 1, 1];
    client.take(hello + subscribed + snapshot + ping);
    expect(client.messagesOf('subscribed')).toHaveLength(2);
    client.isReading = true;
    client.take();
    expect(client.messagesOf('subscribed')).toHaveLength(10);
  });
});
