// A gateway's edge on a free port: real Fastify, real sockets, the session kit's registry on the system clock.
import fastifyCookie from '@fastify/cookie';
import { SUBPROTOCOL, type SubprotocolName } from '@tidewatch/schemas/message-server';
import Fastify from 'fastify';
import { WebSocket } from 'ws';
import { systemClock } from '../../src/clock.ts';
import { createRegistry, type Registry, type RegistryOptions } from '../../src/session/registry.ts';
import { socketPlugin } from '../../src/socket/socket-plugin.ts';
import { createStubGatekeeper, type StubGatekeeper } from '../session/stub-gatekeeper.ts';
import { createStubStreams, type StubStreams } from '../session/stub-streams.ts';

export interface SocketKit {
  readonly port: number;
  readonly url: string;
  readonly registry: Registry;
  readonly streams: StubStreams;
  readonly policy: StubGatekeeper;
  connect(options?: ConnectOptions): Promise<Client>;
  policyChanged(...principalIds: string[]): void;
  stop(): Promise<void>;
}

export interface ConnectOptions {
  readonly subprotocol?: SubprotocolName | 'none';
  readonly headers?: Record<string, string>;
  /** False: no bearer token of `eve` where the headers have none. */
  readonly hasToken?: boolean;
}

export interface Client {
  readonly socket: WebSocket;
  /** Everything received, as text or bytes. */
  readonly received: (string | Uint8Array)[];
  readonly closed: Promise<{ code: number; reason: string }>;
  send(message: object | string | Uint8Array): void;
  /** Waits for the next JSON message of this type, or returns the first that came. */
  message(type: string, nth?: number): Promise<Record<string, unknown>>;
  frames(): Uint8Array[];
}

/** Bearer tokens are principal ids; `nobody` is refused. */
export async function createSocketKit(
  changes: Partial<RegistryOptions> & { snapshotBytes?: number; streams?: StubStreams; allowedOrigins?: string[] } = {},
): Promise<SocketKit> {
  const streams = createStubStreams(changes.snapshotBytes);
  const policy = createStubGatekeeper(() => Date.now());
  const registry = createRegistry({
    clock: systemClock,
    gatekeeper: policy,
    streams,
    upstreamOf: () => ({ state: 'live', since: 0 }),
    history: () => 'no_such_topic',
    build: 'test',
    inFlightMaxBytes: 65_536,
    areTopicNamesHidden: false,
    readTopics: () => [],
    connectionsMax: 1_000,
    connectionsPerPrincipalMax: 100,
    ...changes,
  });
  const server = Fastify();
  await server.register(fastifyCookie);
  await server.register(socketPlugin, {
    registry,
    allowedOrigins: changes.allowedOrigins ?? [],
    authenticate: async (request) => {
      const id = request.headers.authorization?.replace(/^Bearer /, '') ?? request.cookies.login;
      return id === undefined || id === 'nobody' ? null : { principal: { kind: 'person', id, name: id }, lease: null };
    },
  });
  await server.listen({ host: '127.0.0.1', port: 0 });
  const { port } = server.server.address() as { port: number };
  const clients: WebSocket[] = [];
  let version = 0;
  return {
    port,
    url: `ws://127.0.0.1:${port}/ws`,
    registry,
    streams,
    policy,
    async connect(options = {}) {
      const client = await connect(port, options);
      clients.push(client.socket);
      return client;
    },
    policyChanged(...principalIds) {
      version += 1;
      registry.policyChanged({ version, why: 'policy', principalIds: new Set(principalIds), areOwnersChanged: false });
    },
    async stop() {
      registry.stop();
      for (const client of clients) client.terminate();
      await server.close();
    },
  };
}

async function connect(
  port: number,
  { subprotocol = 'binary', headers = {}, hasToken = true }: ConnectOptions,
): Promise<Client> {
  const protocols = subprotocol === 'none' ? [] : [SUBPROTOCOL[subprotocol]];
  const socket = new WebSocket(`ws://127.0.0.1:${port}/ws`, protocols, {
    headers: { ...(hasToken && { authorization: 'Bearer eve' }), ...headers },
  });
  const received: (string | Uint8Array)[] = [];
  const waiting = new Set<() => void>();
  socket.on('message', (data: Buffer, isBinary: boolean) => {
    received.push(isBinary ? new Uint8Array(data) : data.toString());
    for (const look of waiting) look();
  });
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.on('close', (code, reason) => resolve({ code, reason: reason.toString() }));
  });
  await new Promise<void>((resolve, reject) => {
    socket.on('open', resolve);
    socket.on('error', reject);
  });
  socket.on('error', () => {});
  return {
    socket,
    received,
    closed,
    send: (message) =>
      socket.send(typeof message === 'string' || message instanceof Uint8Array ? message : JSON.stringify(message)),
    frames: () => received.filter((item) => typeof item !== 'string'),
    message: (type, nth = 0) =>
      new Promise((resolve) => {
        const look = () => {
          const all = received.flatMap((item) => (typeof item === 'string' ? [JSON.parse(item)] : []));
          const found = all.filter((message) => message.type === type)[nth];
          if (found === undefined) return;
          waiting.delete(look);
          resolve(found);
        };
        waiting.add(look);
        look();
      }),
  };
}

export const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
