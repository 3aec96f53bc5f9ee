// Many clients in one process, on bare TCP sockets, so that they are no bottleneck: they count frames, answer pings and
// look no further. Speaks enough of WebSocket and of Socket.IO to be served by either.
import { connect, type Socket } from 'node:net';
import { SUBPROTOCOL } from '@tidewatch/schemas/message-server';
import { answerQuestions } from './worker-process.ts';

export type CrowdMode = 'bare' | 'websocket' | 'socketio';
export type CrowdQuestion =
  | {
      readonly ask: 'connect';
      readonly port: number;
      readonly mode: CrowdMode;
      readonly count: number;
      readonly topics: readonly string[];
      readonly rate: number;
    }
  | { readonly ask: 'counts' }
  /** Notes from now on how long after it was due each frame was read. */
  | { readonly ask: 'measure' }
  | { readonly ask: 'lateness' }
  | { readonly ask: 'close' };
export interface CrowdCounts {
  readonly frames: number;
  readonly bytes: number;
  readonly cpuUs: number;
  readonly closed: number;
}

const AT_ONCE = 100;
const OPCODE = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;
/** '2', to be answered with '3'. */
const SOCKETIO_PING = 0x32;
const DELAYS_MAX = 2_000_000;
const EMPTY = Buffer.alloc(0);
const sockets: Socket[] = [];
let frames = 0;
let bytes = 0;
let closed = 0;
/** Delay of each measured frame, and whose it was. */
let delays: Float32Array | null = null;
let owners = new Uint16Array(0);
let measured = 0;

answerQuestions<CrowdQuestion>(async (question) => {
  switch (question.ask) {
    case 'connect':
      for (let left = question.count; left > 0; left -= AT_ONCE)
        await Promise.all(Array.from({ length: Math.min(left, AT_ONCE) }, () => join(question)));
      return {};
    case 'counts': {
      const { user, system } = process.cpuUsage();
      return { frames, bytes, cpuUs: user + system, closed } satisfies CrowdCounts;
    }
    case 'measure':
      delays = new Float32Array(DELAYS_MAX);
      owners = new Uint16Array(DELAYS_MAX);
      measured = 0;
      return {};
    case 'lateness':
      return latenessOf(delays ?? new Float32Array(0));
    case 'close':
      for (const socket of sockets.splice(0)) socket.destroy();
      return {};
  }
});

type Join = Extract<CrowdQuestion, { ask: 'connect' }>;

/** Resolves when the client is served: at once, or with the first frame of data of each topic. */
function join({ port, mode, topics, rate }: Join): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    const number = sockets.push(socket);
    let rest: Buffer = EMPTY as Buffer;
    let isOpen = mode === 'bare';
    let awaited = mode === 'websocket' ? 1 + 2 * topics.length : mode === 'socketio' ? 2 : 0;
    const served = () => {
      awaited -= 1;
      if (awaited === 0) resolve();
    };
    socket.on('error', () => {});
    socket.on('close', () => {
      closed += 1;
      resolve();
    });
    socket.on('connect', () => {
      if (mode === 'bare') resolve();
      else socket.write(handshake(port, mode));
    });
    socket.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      let data = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      rest = EMPTY;
      if (!isOpen) {
        const end = data.indexOf('\r\n\r\n');
        if (end < 0) {
          rest = data;
          return;
        }
        isOpen = true;
        data = data.subarray(end + 4);
        if (mode === 'websocket')
          for (const [at, topic] of topics.entries())
            sendText(socket, JSON.stringify({ type: 'subscribe', id: at + 1, topic, rate }));
        else sendText(socket, '40');
      }
      let at = 0;
      while (data.length - at >= 2) {
        const short = (data[at + 1] as number) & 127;
        const head = short < 126 ? 2 : short === 126 ? 4 : 10;
        if (data.length - at < head) break;
        const length = head === 2 ? short : head === 4 ? data.readUInt16BE(at + 2) : data.readUInt32BE(at + 6);
        if (data.length - at < head + length) break;
        const opcode = (data[at] as number) & 15;
        if (opcode === OPCODE.ping) socket.write(frame(OPCODE.pong, data.subarray(at + head, at + head + length)));
        else if (mode === 'socketio' && length === 1 && data[at + head] === SOCKETIO_PING) sendText(socket, '3');
        else if (opcode !== OPCODE.close) {
          frames += 1;
          if (awaited > 0) served();
          else if (delays !== null && opcode === OPCODE.binary && measured < DELAYS_MAX) {
            delays[measured] = performance.timeOrigin + performance.now() - data.readDoubleBE(at + head);
            owners[measured++] = number;
          }
        }
        at += head + length;
      }
      if (at < data.length) rest = Buffer.from(data.subarray(at));
    });
  });
}

function handshake(port: number, mode: CrowdMode): string {
  const path = mode === 'socketio' ? '/socket.io/?EIO=4&transport=websocket' : '/ws';
  const subprotocol = mode === 'socketio' ? '' : `Sec-WebSocket-Protocol: ${SUBPROTOCOL.binary}\r\n`;
  return (
    `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
    `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n${subprotocol}` +
    'User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36\r\nCookie: login=0123456789abcdef0123456789abcdef\r\n\r\n'
  );
}

function sendText(socket: Socket, text: string): void {
  socket.write(frame(OPCODE.text, Buffer.from(text)));
}

/** Clients mask; a mask of zeros is one. */
function frame(opcode: number, body: Buffer): Buffer {
  const head =
    body.length < 126
      ? [0x80 | opcode, 0x80 | body.length]
      : [0x80 | opcode, 0x80 | 126, body.length >> 8, body.length & 255];
  return Buffer.concat([Buffer.from([...head, 0, 0, 0, 0]), body]);
}

/** Each client has a phase of the beat of its own: its smallest delay. What is beyond that is lateness. */
function latenessOf(all: Float32Array): { p50: number; p99: number } {
  const phases = new Float32Array(sockets.length + 1).fill(Number.POSITIVE_INFINITY);
  for (let i = 0; i < measured; i++) {
    const owner = owners[i] as number;
    phases[owner] = Math.min(phases[owner] as number, all[i] as number);
  }
  const late = all.subarray(0, measured).map((delay, i) => delay - (phases[owners[i] as number] as number));
  late.sort();
  return { p50: late[Math.floor(measured / 2)] ?? 0, p99: late[Math.floor(measured * 0.99)] ?? 0 };
}
