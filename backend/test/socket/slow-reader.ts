// A WebSocket client on a bare TCP socket that takes so many bytes a second and no more. It answers pings when it
// reads them, as browsers do, and notes when each message was read.
import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { SUBPROTOCOL } from '@tidewatch/schemas/message-server';

export interface ReadMessage {
  readonly opcode: number;
  readonly body: Buffer;
  /** Epoch ms when its last byte was read. */
  readonly at: number;
}

export interface SlowReader {
  readonly messages: readonly ReadMessage[];
  /** null while the line is up. */
  readonly end: 'closed' | 'reset' | null;
  /** Bytes a second; Infinity reads as fast as it can. */
  bytesPerSecond: number;
  send(message: object): void;
  stop(): void;
}

const STEP_MS = 20;
const [PING, PONG, TEXT] = [9, 10, 1];

export async function createSlowReader(port: number, bytesPerSecond: number): Promise<SlowReader> {
  const socket = connect({ port, host: '127.0.0.1' });
  await new Promise<void>((resolve) => socket.once('connect', resolve));
  socket.write(
    `GET /ws HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
      `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\n` +
      `Sec-WebSocket-Protocol: ${SUBPROTOCOL.binary}\r\nAuthorization: Bearer eve\r\n\r\n`,
  );
  const messages: ReadMessage[] = [];
  const reader = { messages, end: null as SlowReader['end'], bytesPerSecond };
  socket.on('error', () => {
    reader.end = 'reset';
  });
  socket.on('close', () => {
    reader.end ??= 'closed';
  });

  let held = Buffer.alloc(0);
  let isUpgraded = false;
  let allowance = 0;

  const timer = setInterval(() => {
    allowance = Math.min(reader.bytesPerSecond, allowance + (reader.bytesPerSecond * STEP_MS) / 1_000);
    while (allowance >= 1) {
      const chunk = readUpTo(socket, Math.floor(allowance));
      if (chunk === null) break;
      allowance -= chunk.length;
      held = Buffer.concat([held, chunk]);
      parse();
    }
  }, STEP_MS);

  function parse(): void {
    if (!isUpgraded) {
      const end = held.indexOf('\r\n\r\n');
      if (end < 0) return;
      held = held.subarray(end + 4);
      isUpgraded = true;
    }
    for (let frame = frameAt(held); frame !== null; frame = frameAt(held)) {
      held = held.subarray(frame.bytes);
      if (frame.opcode === PING) sendFrame(socket, PONG, frame.body);
      else messages.push({ opcode: frame.opcode, body: frame.body, at: Date.now() });
    }
  }

  return Object.assign(reader, {
    send: (message: object) => sendFrame(socket, TEXT, Buffer.from(JSON.stringify(message))),
    stop() {
      clearInterval(timer);
      socket.destroy();
    },
  });
}

/** Reads without flowing: what is not asked for stays in the kernel but for one buffer of the stream. */
function readUpTo(socket: Socket, bytes: number): Buffer | null {
  const size = Math.min(bytes, socket.readableLength);
  // A read of nothing asks the kernel for the next piece.
  if (size === 0) socket.read(0);
  return size === 0 ? null : (socket.read(size) as Buffer | null);
}

function frameAt(buffer: Buffer): { opcode: number; body: Buffer; bytes: number } | null {
  if (buffer.length < 2) return null;
  const short = (buffer[1] as number) & 127;
  const head = short < 126 ? 2 : short === 126 ? 4 : 10;
  if (buffer.length < head) return null;
  const length = head === 2 ? short : head === 4 ? buffer.readUInt16BE(2) : Number(buffer.readBigUInt64BE(2));
  if (buffer.length < head + length) return null;
  const body = Buffer.from(buffer.subarray(head, head + length));
  return { opcode: (buffer[0] as number) & 15, body, bytes: head + length };
}

function sendFrame(socket: Socket, opcode: number, body: Buffer): void {
  const head = body.length < 126 ? Buffer.from([0x80 | opcode, 0x80 | body.length]) : Buffer.alloc(4);
  if (body.length >= 126) {
    head[0] = 0x80 | opcode;
    head[1] = 0x80 | 126;
    head.writeUInt16BE(body.length, 2);
  }
  // A mask of zeros is a mask.
  socket.write(Buffer.concat([head, Buffer.alloc(4), body]));
}
