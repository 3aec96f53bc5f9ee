import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { readStubFrame } from '../session/stub-streams.ts';
import { type ConnectOptions, createSocketKit, pause, type SocketKit } from './socket-kit.ts';

let kit: SocketKit;
afterEach(() => kit.stop());

describe('the WebSocket edge', () => {
  it('hands over who is signed in, by bearer token or by cookie', async () => {
    kit = await createSocketKit();
    const byToken = await kit.connect({ headers: { authorization: 'Bearer eve' } });
    const byCookie = await kit.connect({ headers: { cookie: 'login=bob' }, hasToken: false });
    expect(await byToken.message('hello')).toMatchObject({ principal: { kind: 'person', name: 'eve' } });
    expect(await byCookie.message('hello')).toMatchObject({ principal: { kind: 'person', name: 'bob' } });
  });

  it('closes with 4401 who is not', async () => {
    kit = await createSocketKit();
    const client = await kit.connect({ headers: { authorization: 'Bearer nobody' } });
    expect(await client.closed).toEqual({ code: 4401, reason: 'You are signed out.' });
    expect(client.received).toEqual([]);
  });

  it('refuses pages of another origin, and lets its own and those on the list in', async () => {
    kit = await createSocketKit({ allowedOrigins: ['https://wall.example'] });
    const answer = (origin: string) => statusOf(kit.url, { origin });
    expect(await answer('https://evil.example')).toBe(403);
    expect(await answer('null')).toBe(403);
    expect(await answer('https://wall.example')).toBe(101);
    expect(await answer(`http://127.0.0.1:${kit.port}`)).toBe(101);
  });

  it('takes binary where it is offered, JSON where nothing is, and refuses what it does not know', async () => {
    kit = await createSocketKit();
    const chosen = async (subprotocol: NonNullable<ConnectOptions['subprotocol']>) =>
      (await kit.connect({ subprotocol })).socket.protocol;
    expect(await chosen('binary')).toBe('tidewatch.v1.binary');
    expect(await chosen('json')).toBe('tidewatch.v1.json');
    expect(await chosen('none')).toBe('');
    expect(await statusOf(kit.url, {}, ['soap'])).toBe(400);
  });

  it('says that it speaks WebSocket to those who do not', async () => {
    kit = await createSocketKit();
    expect((await fetch(`http://127.0.0.1:${kit.port}/ws`)).status).toBe(426);
  });

  it('sends whom it has no room for away with 1013', async () => {
    kit = await createSocketKit({ connectionsPerPrincipalMax: 1 });
    const first = await kit.connect();
    await first.message('hello');
    const second = await kit.connect();
    expect((await second.closed).code).toBe(1013);
    const other = await kit.connect({ headers: { authorization: 'Bearer bob' } });
    expect(await other.message('hello')).toBeDefined();
  });

  it('carries control messages and frames of every length', async () => {
    for (const snapshotBytes of [20, 125, 126, 65_535, 65_536, 300_000]) {
      kit = await createSocketKit({ snapshotBytes });
      kit.policy.grant('eve', '**');
      const client = await kit.connect();
      client.send({ type: 'subscribe', id: 1, topic: 'a' });
      await client.message('subscribed');
      await expect.poll(() => client.frames().length).toBe(1);
      expect(client.frames()[0]).toHaveLength(snapshotBytes);
      await kit.stop();
    }
  });

  it('answers what is no message, and the session lives', async () => {
    kit = await createSocketKit();
    const client = await kit.connect();
    client.send('{');
    client.send(new Uint8Array([1, 2, 3]));
    client.send(`"${'x'.repeat(70_000)}"`);
    expect(await client.message('error', 0)).toMatchObject({ code: 'bad_message', id: 0 });
    expect(await client.message('error', 1)).toMatchObject({ message: 'Client messages are JSON text, not binary.' });
    expect(await client.message('error', 2)).toMatchObject({ code: 'too_large' });
    expect(kit.registry.stats().sessions).toBe(1);
  });

  it('does not receive a message of any size', async () => {
    kit = await createSocketKit();
    const client = await kit.connect();
    client.send('x'.repeat(1_000_000));
    expect((await client.closed).code).toBe(1009);
    await expect.poll(() => kit.registry.stats().sessions).toBe(0);
  });

  it('shares one frame among all who listen, in step and in order', async () => {
    kit = await createSocketKit();
    kit.policy.grant('eve', '**');
    const clients = await Promise.all(Array.from({ length: 20 }, () => kit.connect()));
    for (const client of clients) client.send({ type: 'subscribe', id: 1, topic: 'a', rate: 10 });
    await expect.poll(() => kit.registry.stats().inFlightBytes).toBe(0);
    for (let i = 0; i < 20; i++) {
      kit.streams.tick('a');
      await pause(100);
    }
    await expect.poll(() => clients.every((client) => client.frames().length === 21)).toBe(true);
    for (const client of clients) {
      const sent = client.frames().slice(1).map(readStubFrame);
      expect(sent.map(({ from, to }) => [from, to])).toEqual(Array.from({ length: 20 }, (_, i) => [i, i + 1]));
    }
  });

  it('writes nothing more of a topic after it was revoked', async () => {
    kit = await createSocketKit();
    kit.policy.grant('eve', 'shop');
    kit.policy.grant('eve', 'edge');
    const client = await kit.connect();
    client.send({ type: 'subscribe', id: 1, topic: 'shop', rate: 10 });
    client.send({ type: 'subscribe', id: 2, topic: 'edge', rate: 10 });
    await client.message('subscribed', 1);
    const beat = setInterval(() => {
      kit.streams.tick('shop');
      kit.streams.tick('edge');
    }, 10);
    await pause(200);
    kit.policy.revoke('eve', 'shop');
    kit.policyChanged('eve');
    await client.message('revoked');
    await pause(200);
    clearInterval(beat);
    const revokedAt = client.received.findIndex((item) => typeof item === 'string' && item.includes('"revoked"'));
    const after = client.received.slice(revokedAt + 1).filter((item) => typeof item !== 'string');
    expect(after.length).toBeGreaterThan(3);
    expect(after.map((frame) => readStubFrame(frame).topicId)).not.toContain(1);
  });

  it('answers pings of the client beside its own writes', async () => {
    kit = await createSocketKit();
    const client = await kit.connect();
    const pong = new Promise((resolve) => client.socket.on('pong', (data) => resolve(data.toString())));
    client.socket.ping('mine');
    expect(await pong).toBe('mine');
  });

  it('closes with the code that says why', async () => {
    kit = await createSocketKit();
    const [kicked, restarted] = [await kit.connect(), await kit.connect({ headers: { authorization: 'Bearer bob' } })];
    await Promise.all([kicked.message('hello'), restarted.message('hello')]);
    kit.registry.kick('eve');
    expect((await kicked.closed).code).toBe(4403);
    kit.registry.stop();
    expect(await restarted.closed).toEqual({ code: 1012, reason: 'The gateway is restarting.' });
  });

  it('lets go of a session whose line breaks', async () => {
    kit = await createSocketKit();
    const client = await kit.connect();
    await client.message('hello');
    client.socket.terminate();
    await expect.poll(() => kit.registry.stats().sessions).toBe(0);
  });
});

function statusOf(url: string, headers: Record<string, string>, protocols: string[] = []): Promise<number> {
  return new Promise((resolve) => {
    const socket = new WebSocket(url, protocols, { headers: { authorization: 'Bearer eve', ...headers } });
    socket.on('error', () => {});
    socket.on('unexpected-response', (_request, response) => {
      resolve(response.statusCode ?? 0);
      socket.terminate();
    });
    socket.on('open', () => {
      resolve(101);
      socket.terminate();
    });
  });
}
