// What is measured, in a process of its own: the gateway's edge and sessions, or the same bytes written by a bare
// socket, by `ws`, by Socket.IO. Told over IPC when to send; says what it cost.
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import Fastify from 'fastify';
import { Server as SocketIo } from 'socket.io';
import { type WebSocket, WebSocketServer } from 'ws';
import { systemClock } from '../src/clock.ts';
import { createRegistry } from '../src/session/registry.ts';
import { frameOf } from '../src/socket/frame.ts';
import { socketPlugin } from '../src/socket/socket-plugin.ts';
import { createShoutStreams } from './shout-streams.ts';
import { answerQuestions } from './worker-process.ts';

export type TargetMode = 'tidewatch' | 'bare' | 'ws' | 'socketio';
export type TargetQuestion =
  | { readonly ask: 'listen'; readonly mode: TargetMode }
  | {
      readonly ask: 'send';
      readonly forMs: number;
      readonly hz: number;
      readonly bytes: number;
      readonly topics: readonly string[];
    }
  | { readonly ask: 'memory' };
export interface SendCost {
  readonly cpuUs: number;
  readonly ticks: number;
  readonly wallMs: number;
}

/** Sends one tick: a payload a topic to every client. */
type Shout = (topics: readonly string[], payloads: readonly Uint8Array[]) => void;
let shout: Shout = () => {};

answerQuestions<TargetQuestion>(async (question) => {
  switch (question.ask) {
    case 'listen':
      return { port: await listeners[question.mode]() };
    case 'send':
      return send(question);
    case 'memory': {
      for (let i = 0; i < 5; i++) {
        globalThis.gc?.();
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
      return { rss: process.memoryUsage.rss() };
    }
  }
});

const listeners: Record<TargetMode, () => Promise<number>> = {
  async tidewatch() {
    const streams = createShoutStreams(200);
    const registry = createRegistry({
      clock: systemClock,
      streams,
      gatekeeper: {
        decide: () => ({ allow: true, scope: 'all', until: null, path: [] }),
        owner: () => ({ owner: 'admins', groupId: null, isSensitive: false, pattern: null }),
      },
      upstreamOf: () => ({ state: 'live', since: 0 }),
      history: () => 'no_such_topic',
      readTopics: () => [],
      build: 'bench',
      inFlightMaxBytes: 65_536,
      areTopicNamesHidden: false,
      connectionsMax: 100_000,
      connectionsPerPrincipalMax: 100_000,
    });
    const server = Fastify();
    const principal = { kind: 'person', id: 'bench', name: 'bench' } as const;
    await server.register(socketPlugin, {
      registry,
      allowedOrigins: [],
      authenticate: async () => ({ principal, lease: null }),
    });
    await server.listen({ host: '127.0.0.1', port: 0 });
    shout = (topics, payloads) => {
      for (const [at, topic] of topics.entries()) streams.shout(topic, payloads[at] as Uint8Array);
    };
    return (server.server.address() as AddressInfo).port;
  },

  async bare() {
    const sockets = new Set<Socket>();
    const server = createServer({ noDelay: true }, (socket) => {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
      socket.on('error', () => {});
      socket.resume();
    });
    await new Promise<void>((resolve) => server.listen({ host: '127.0.0.1', port: 0, backlog: 4096 }, resolve));
    shout = (_topics, payloads) => {
      const frame = Buffer.concat(payloads.map(frameOf));
      for (const socket of sockets) socket.write(frame);
    };
    return (server.address() as AddressInfo).port;
  },

  async ws() {
    const server = createHttpServer();
    const clients = new Set<WebSocket>();
    const sockets = new WebSocketServer({ server, perMessageDeflate: false });
    sockets.on('connection', (client) => {
      clients.add(client);
      client.on('close', () => clients.delete(client));
      client.send('{}');
    });
    await new Promise<void>((resolve) => server.listen({ host: '127.0.0.1', port: 0 }, resolve));
    shout = (_topics, payloads) => {
      for (const client of clients) for (const payload of payloads) client.send(payload);
    };
    return (server.address() as AddressInfo).port;
  },

  async socketio() {
    const server = createHttpServer();
    const io = new SocketIo(server, { transports: ['websocket'], perMessageDeflate: false, serveClient: false });
    await new Promise<void>((resolve) => server.listen({ host: '127.0.0.1', port: 0 }, resolve));
    shout = (_topics, payloads) => {
      for (const payload of payloads) io.emit('d', payload);
    };
    return (server.address() as AddressInfo).port;
  },
};

/** Ticks at fixed times; each payload begins with the epoch ms at which it was due. */
async function send({ forMs, hz, bytes, topics }: Extract<TargetQuestion, { ask: 'send' }>): Promise<SendCost> {
  const periodMs = 1_000 / hz;
  // What connecting left behind is nobody's frame.
  globalThis.gc?.();
  const before = process.cpuUsage();
  const began = performance.now();
  const ticks = Math.floor(forMs / periodMs);
  for (let tick = 1; tick <= ticks; tick++) {
    const due = began + tick * periodMs;
    const wait = due - performance.now();
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    else await new Promise((resolve) => setImmediate(resolve));
    const payloads = topics.map(() => {
      const payload = Buffer.allocUnsafeSlow(bytes);
      payload.writeDoubleBE(performance.timeOrigin + due);
      return payload;
    });
    shout(topics, payloads);
  }
  // What was queued last is written within a beat, and answered.
  await new Promise((resolve) => setTimeout(resolve, 150));
  const { user, system } = process.cpuUsage(before);
  return { cpuUs: user + system, ticks, wallMs: performance.now() - began };
}
