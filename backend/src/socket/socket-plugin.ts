// The WebSocket edge at /ws: checks origin and subprotocol, finds out who it is, then hands the connection over to the
// sessions. Who is not signed in is closed with 4401 after the handshake, because a browser cannot read a refused one.
import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import fastifyWebsocket from '@fastify/websocket';
import { CLOSE, type CloseReason } from '@tidewatch/schemas/close-code';
import { CLIENT_MESSAGE_MAX_BYTES } from '@tidewatch/schemas/message-client';
import { SUBPROTOCOL } from '@tidewatch/schemas/message-server';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { WebSocket } from 'ws';
import type { Lease } from '../access/leases.ts';
import type { Principal } from '../access/principal.ts';
import type { Registry } from '../session/registry.ts';
import { isOriginAllowed } from './origin.ts';
import { createSocketTransport } from './socket-transport.ts';
import { chooseSubprotocol, offeredSubprotocols } from './subprotocol.ts';

/** A longer message than this is not even received: the line is closed with 1009. */
const RECEIVE_MAX_BYTES = 4 * CLIENT_MESSAGE_MAX_BYTES;
/** How long a closing client has to say goodbye, ms. */
const CLOSE_WAIT_MS = 3_000;
const USER_AGENT_MAX_CHARS = 200;

/** Who it is, by cookie or bearer token, with a lease on what proves it; null: nobody. */
export interface SignedIn {
  readonly principal: Pick<Principal, 'kind' | 'id' | 'name'>;
  readonly lease: Lease | null;
}
export type Authenticate = (request: FastifyRequest) => Promise<SignedIn | null>;

export interface SocketPluginOptions {
  readonly registry: Registry;
  readonly authenticate: Authenticate;
  /** Origins besides our own. */
  readonly allowedOrigins: readonly string[];
}

export async function socketPlugin(server: FastifyInstance, options: SocketPluginOptions): Promise<void> {
  const { registry, authenticate, allowedOrigins } = options;
  const arrivals = new WeakMap<FastifyRequest['raw'], SignedIn | null>();

  const limits = {
    maxPayload: RECEIVE_MAX_BYTES,
    perMessageDeflate: false,
    closeTimeout: CLOSE_WAIT_MS,
    handleProtocols: (offered: Set<string>) => {
      const name = chooseSubprotocol(offered);
      return name === undefined ? false : SUBPROTOCOL[name];
    },
  };
  await server.register(fastifyWebsocket, { options: limits });

  async function mayConnect(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    if (!request.ws) {
      await reply.code(426).send(fault('upgrade_required', 'This address speaks WebSocket.'));
    } else if (!isOriginAllowed(request.headers.origin, request.host, allowedOrigins)) {
      await reply.code(403).send(fault('origin', 'Pages of this origin may not connect: see ALLOWED_ORIGINS.'));
    } else if (subprotocolOf(request) === undefined) {
      const known = Object.values(SUBPROTOCOL).join(', ');
      await reply.code(400).send(fault('subprotocol', `Known subprotocols: ${known}.`));
    } else {
      arrivals.set(request.raw, await authenticate(request));
    }
  }

  server.get('/ws', { websocket: true, preValidation: mayConnect }, (webSocket, request) => {
    letGoOfUpgrade(webSocket, request.raw.socket);
    webSocket.on('error', dropBroken);
    const signedIn = arrivals.get(request.raw) ?? null;
    const subprotocol = subprotocolOf(request) ?? 'json';
    if (signedIn === null) {
      turnAway(webSocket, 'signedOut');
    } else if (!registry.admits(signedIn.principal.id)) {
      signedIn.lease?.release();
      turnAway(webSocket, 'later');
    } else {
      const visitor = { ...signedIn, subprotocol, address: request.ip, userAgent: userAgentOf(request) };
      registry.open(visitor, createSocketTransport(webSocket, request.raw.socket));
    }
  });
}

/** What the upgrade leaves on a socket holds its request and reply, several KB, for as long as the line is open. */
function letGoOfUpgrade(webSocket: WebSocket, socket: Socket & { _httpMessage?: ServerResponse | null }): void {
  webSocket.removeAllListeners('error');
  socket._httpMessage?.detachSocket(socket);
}

/** A broken line ends with `close`, which the session hears. A frame that is none: `ws` has closed it by itself. */
function dropBroken(this: WebSocket): void {
  if (this.readyState === this.OPEN) this.terminate();
}

function turnAway(webSocket: WebSocket, reason: CloseReason): void {
  webSocket.close(CLOSE[reason].code, CLOSE[reason].text);
}

function subprotocolOf(request: FastifyRequest) {
  return chooseSubprotocol(offeredSubprotocols(request.headers['sec-websocket-protocol']));
}

function userAgentOf(request: FastifyRequest): string {
  return (request.headers['user-agent'] ?? '').slice(0, USER_AGENT_MAX_CHARS);
}

function fault(code: string, message: string) {
  return { error: { code, message } };
}
