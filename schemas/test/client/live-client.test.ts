import type { SubscriptionEvent } from '@tidewatch/schemas/client-topic';
import { createLiveClient } from '@tidewatch/schemas/live-client';
import { createStreamEncoder, encodeHistory } from '@tidewatch/schemas/wire/encoder';
import { beforeEach, expect, test } from 'vitest';
import { createModelStream, createModelTopic } from '../wire/model-topic.ts';
import { createHandClock } from './hand-clock.ts';
import { createScriptedGateway } from './scripted-gateway.ts';

let time: ReturnType<typeof createHandClock>;
let gateway: ReturnType<typeof createScriptedGateway>;
let client: ReturnType<typeof createLiveClient>;
let topic: ReturnType<typeof createModelTopic>;
let stream: ReturnType<typeof createModelStream>;

beforeEach(() => {
  time = createHandClock();
  gateway = createScriptedGateway();
  client = createLiveClient({ openSocket: gateway.openSocket, clock: time.clock, random: () => 0.5 });
  topic = createModelTopic();
  topic.sample(topic.add(), 0, 1.25);
  topic.step();
  stream = createModelStream(topic, createStreamEncoder('binary'));
});

function live() {
  client.start();
  gateway.socket.hello();
  const events: SubscriptionEvent[] = [];
  const shop = client.subscribe('shop', { rate: 1 });
  shop.on((event) => events.push(event));
  return { shop, events };
}

function opened() {
  const all = live();
  gateway.socket.subscribed();
  gateway.socket.send(stream.snapshot().payload);
  return all;
}

function tick(value: number) {
  topic.sample(0, 0, value);
  topic.step();
  const told = stream.tick(false);
  if (told === undefined) throw new Error('nothing to tell');
  return told;
}

const kinds = (events: readonly SubscriptionEvent[]) => events.map((event) => event.type);

test('a topic is asked for as soon as there is a line, and its frames reach its replica', () => {
  const events: string[] = [];
  const early = client.subscribe('shop', { rate: 4, metrics: ['a'] });
  early.on((event) => events.push(event.type));
  client.start();
  expect(client.state.kind).toBe('connecting');
  gateway.socket.hello();
  expect(client.state.kind).toBe('live');
  expect(gateway.socket.last('subscribe')).toMatchObject({ topic: 'shop', rate: 4, metrics: ['a'] });
  gateway.socket.subscribed();
  gateway.socket.send(stream.snapshot().payload);
  gateway.socket.send(tick(2.5).payload);
  expect(events).toEqual(['state', 'snapshot', 'delta']);
  expect(early.replica.seriesById.get(0)).toMatchObject({ last: 2.5, max: 2.5, min: 1.25 });
});

test('after a drop it comes back within the bound and goes on from where it stood', () => {
  const { shop } = opened();
  const { seq } = shop.replica.resumePoint() ?? { seq: -1 };
  gateway.socket.close(1006);
  expect(client.state).toMatchObject({ kind: 'reconnecting', attempt: 1, retryAt: time.clock.now() + 250 });
  expect(shop.state.kind).toBe('requested');
  expect(shop.replica.seriesById.get(0)?.last).toBe(1.25);
  topic.sample(0, 0, 9);
  topic.step();
  time.go(250);
  expect(gateway.count()).toBe(2);
  gateway.socket.hello();
  expect(gateway.socket.last('subscribe')).toMatchObject({ resume: { epoch: 'one', seq } });
  gateway.socket.subscribed('resumed');
  gateway.socket.send(stream.resume(seq).payload);
  expect(shop.replica.seriesById.get(0)?.last).toBe(9);
  expect(shop.replica.counts).toMatchObject({ snapshots: 1, gap: 0, decode: 0 });
});

test('attempts wait longer and longer, at most 30 s, and the bound starts anew after a line that held', () => {
  client.start();
  const waits: number[] = [];
  for (let i = 0; i < 9; i++) {
    gateway.socket.close(1006);
    const { state } = client;
    if (state.kind !== 'reconnecting' && state.kind !== 'offline') throw new Error(state.kind);
    waits.push((state.retryAt ?? 0) - time.clock.now());
    time.go(waits.at(-1) as number);
  }
  expect(waits).toEqual([250, 500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000, 15_000]);
  gateway.socket.hello();
  time.go(6_000);
  gateway.socket.close(1012);
  expect(client.state).toMatchObject({ kind: 'reconnecting', attempt: 1 });
});

test('a line that is lost for 5 s is called offline, and a try at once needs no waiting', () => {
  opened();
  gateway.socket.close(1006);
  time.go(300);
  gateway.socket.close(1006);
  time.go(5_500);
  expect(client.state.kind).toBe('offline');
  const before = gateway.count();
  gateway.socket.close(1006);
  client.retryNow();
  expect(gateway.count()).toBe(before + 1);
  gateway.socket.hello();
  expect(client.state.kind).toBe('live');
});

test('silence of two and a half heartbeats is a dead line; a heartbeat in time is not', () => {
  opened();
  for (let i = 0; i < 5; i++) {
    time.go(9_000);
    gateway.socket.say({ type: 'heartbeat', now: time.clock.now() });
  }
  expect(client.state.kind).toBe('live');
  const { socket } = gateway;
  time.go(10_001);
  expect(client.state.kind).toBe('reconnecting');
  expect(socket.isGivenUp).toBe(true);
});

test.each([
  [4401, { kind: 'signedOut' }],
  [4403, { kind: 'closed', reason: 'kicked' }],
  [4400, { kind: 'closed', reason: 'protocol' }],
])('close code %i: it does not come back by itself', (code, state) => {
  opened();
  gateway.socket.close(code);
  expect(client.state).toMatchObject(state);
  time.go(120_000);
  expect(gateway.count()).toBe(1);
  expect(time.timers()).toBe(0);
});

test('a gap is noticed, a snapshot asked for once, and what comes before it is not shown', () => {
  const { shop, events } = opened();
  tick(2);
  gateway.socket.send(tick(3).payload);
  gateway.socket.send(tick(4).payload);
  expect(kinds(events).slice(2)).toEqual(['resync']);
  expect(shop.replica.seriesById.get(0)?.last).toBe(1.25);
  expect(gateway.socket.said.filter(({ type }) => type === 'resync')).toMatchObject([{ topic: 'shop', why: 'gap' }]);
  gateway.socket.send(stream.snapshot().payload);
  gateway.socket.send(tick(5).payload);
  expect(shop.replica.seriesById.get(0)?.last).toBe(5);
});

test('a replica that differs says so and heals', () => {
  const { shop } = opened();
  topic.sample(0, 0, 7);
  topic.step();
  const delta = { ...topic.delta(topic.head() - 1, topic.head(), true), checksum: 1 };
  const encoder = createStreamEncoder('binary');
  encoder.snapshot(topic.snapshot());
  gateway.socket.send(encoder.merged(delta, true));
  expect(shop.replica.counts.checksum).toBe(1);
  expect(gateway.socket.last('resync')).toMatchObject({ why: 'checksum' });
  gateway.socket.send(stream.snapshot().payload);
  expect(shop.replica.state.kind).toBe('live');
});

test('a revoke clears what is shown; the topic is asked for again when access changes', () => {
  const { shop, events } = opened();
  gateway.socket.say({ type: 'revoked', topic: 'shop', reason: 'grant_removed', owner: 'shop-team' });
  expect(shop.state).toMatchObject({ kind: 'revoked', owner: 'shop-team' });
  expect(shop.replica.seriesById.size).toBe(0);
  gateway.socket.send(tick(3).payload);
  expect(kinds(events).at(-1)).toBe('state');
  expect(shop.replica.seriesById.size).toBe(0);
  gateway.socket.say({ type: 'access_changed', version: 2 });
  expect(gateway.socket.said.filter(({ type }) => type === 'subscribe')).toHaveLength(2);
  expect(shop.state.kind).toBe('requested');
});

test('forbidden says who owns the topic', () => {
  const { shop } = live();
  const { id } = gateway.socket.last('subscribe') as { id: number };
  gateway.socket.say({ type: 'error', id, code: 'forbidden', message: 'No.', topic: 'shop', owner: 'shop-team' });
  expect(shop.state).toEqual({ kind: 'forbidden', message: 'No.', owner: 'shop-team' });
});

test('history is answered by its request, refused by name, and lost with the line', async () => {
  const { shop } = opened();
  const range = { from: 0, to: 5_000, stepMs: 1_000 } as const;
  const answered = shop.history(range);
  const { id } = gateway.socket.last('history') as { id: number };
  const head = { topicId: 5, request: id, epoch: 'one', seq: 3, ...range, completeFrom: 0 };
  gateway.socket.send(encodeHistory({ ...head, series: [] }, 'binary'));
  await expect(answered).resolves.toMatchObject({ request: id, series: [] });
  const refused = shop.history(range);
  const { id: next } = gateway.socket.last('history') as { id: number };
  gateway.socket.say({ type: 'error', id: next, code: 'too_large', message: 'Fewer.', topic: 'shop' });
  await expect(refused).rejects.toMatchObject({ code: 'too_large' });
  const lost = shop.history(range);
  gateway.socket.close(1006);
  await expect(lost).rejects.toMatchObject({ code: 'lost' });
});

test('a change of rate keeps what is shown and takes the new stream from its first frame', () => {
  const { shop } = opened();
  shop.setRate(10);
  expect(gateway.socket.last('subscribe')).toMatchObject({ rate: 10 });
  gateway.socket.send(tick(2).payload);
  expect(shop.replica.seriesById.get(0)?.last).toBe(2);
  const faster = createModelStream(topic, createStreamEncoder('binary'));
  const { seq } = shop.replica.resumePoint() ?? { seq: 0 };
  gateway.socket.subscribed('resumed');
  gateway.socket.send(faster.resume(seq).payload);
  topic.sample(0, 0, 3);
  topic.step();
  gateway.socket.send(faster.tick(true)?.payload as Uint8Array);
  expect(shop.replica.seriesById.get(0)?.last).toBe(3);
  expect(shop.replica.counts).toMatchObject({ proven: 1, gap: 0, decode: 0 });
});

test('buckets of another width are begun anew, not resumed', () => {
  const { shop } = opened();
  shop.setRate(0.2);
  gateway.socket.subscribed('resumed', 5_000);
  expect(shop.replica.state).toEqual({ kind: 'gap', why: 'gap' });
  expect(gateway.socket.last('resync')).toMatchObject({ why: 'gap' });
});

test('two hundred topics at once never have more than a hundred requests open', () => {
  client.start();
  gateway.socket.hello();
  for (let i = 0; i < 200; i++) client.subscribe(`t${i}`);
  expect(gateway.socket.said).toHaveLength(100);
  gateway.socket.say({ type: 'error', id: 1, code: 'no_such_topic', message: 'No.' });
  expect(gateway.socket.said).toHaveLength(101);
});

test('the server clock is known from the message that was least delayed', () => {
  client.start();
  gateway.socket.hello();
  const server = () => time.clock.now() + 60_000;
  gateway.socket.say({ type: 'heartbeat', now: server() - 400 });
  gateway.socket.say({ type: 'heartbeat', now: server() - 5 });
  gateway.socket.say({ type: 'heartbeat', now: server() - 900 });
  expect(client.serverNow() - server()).toBe(-5);
});

test('after stop nothing is left: no timer, no socket, no event', () => {
  const { shop } = opened();
  client.stop();
  expect(gateway.socket.isGivenUp).toBe(true);
  expect(time.timers()).toBe(0);
  expect(client.state).toMatchObject({ kind: 'closed', reason: 'stopped' });
  expect(shop.state.kind).toBe('requested');
});
