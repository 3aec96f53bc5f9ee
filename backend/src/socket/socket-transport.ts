// A session's transport over a WebSocket. Frames go straight to the TCP socket that `ws` reads from, several in one
// write; `ws` itself only reads, answers pings and closes. That holds as long as nothing is compressed and nothing is
// sent through `ws` besides.
import type { Socket } from 'node:net';
import { CLOSE } from '@tidewatch/schemas/close-code';
import { CLIENT_MESSAGE_MAX_BYTES } from '@tidewatch/schemas/message-client';
import type { Payload } from '@tidewatch/schemas/wire/codec';
import type { RawData, WebSocket } from 'ws';
import type { CloseHow, Transport, TransportEvent } from '../session/transport.ts';
import { frameOf, pingFrame } from './frame.ts';

const OPEN = 1;
/** Frames up to this sum are copied into one buffer; larger ones are handed over as they are. */
const COPY_MAX_BYTES = 16 * 1024;

export function createSocketTransport(webSocket: WebSocket, socket: Socket): Transport {
  return new SocketTransport(webSocket, socket);
}

class SocketTransport implements Transport {
  readonly #webSocket: WebSocket;
  readonly #socket: Socket;
  #ping: Buffer | null = null;

  constructor(webSocket: WebSocket, socket: Socket) {
    this.#webSocket = webSocket;
    this.#socket = socket;
  }

  get backlogBytes(): number {
    return this.#socket.writableLength;
  }

  write(payloads: readonly Payload[]): void {
    const ping = this.#ping;
    this.#ping = null;
    if (this.#webSocket.readyState !== OPEN) return;
    if (payloads.length === 1 && ping === null) {
      this.#socket.write(frameOf(payloads[0] as Payload));
      return;
    }
    const frames: Buffer[] = [];
    let bytes = 0;
    for (const payload of payloads) {
      const frame = frameOf(payload);
      frames.push(frame);
      bytes += frame.length;
    }
    if (ping !== null) {
      frames.push(ping);
      bytes += ping.length;
    }
    if (bytes <= COPY_MAX_BYTES) this.#socket.write(joined(frames, bytes));
    else this.#writeMany(frames);
  }

  ping(mark: string): void {
    this.#ping = pingFrame(mark);
  }

  close(how: CloseHow): void {
    if (how === 'reset') this.#socket.resetAndDestroy();
    else this.#webSocket.close(CLOSE[how].code, CLOSE[how].text);
  }

  onEvent(handler: (event: TransportEvent) => void): void {
    const webSocket = this.#webSocket;
    webSocket.on('message', (data: RawData, isBinary: boolean) => handler(readEvent(data as Buffer, isBinary)));
    webSocket.on('pong', (mark: Buffer) => handler({ type: 'pong', mark: mark.toString('latin1') }));
    webSocket.on('close', () => handler({ type: 'closed' }));
  }

  #writeMany(frames: readonly Buffer[]): void {
    this.#socket.cork();
    for (const frame of frames) this.#socket.write(frame);
    this.#socket.uncork();
  }
}

function joined(frames: readonly Buffer[], bytes: number): Buffer {
  if (frames.length === 1) return frames[0] as Buffer;
  const all = Buffer.allocUnsafe(bytes);
  let at = 0;
  for (const frame of frames) {
    all.set(frame, at);
    at += frame.length;
  }
  return all;
}

function readEvent(data: Buffer, isBinary: boolean): TransportEvent {
  if (isBinary)
    return { type: 'unreadable', code: 'bad_message', message: 'Client messages are JSON text, not binary.' };
  if (data.length > CLIENT_MESSAGE_MAX_BYTES)
    return {
      type: 'unreadable',
      code: 'too_large',
      message: `A message has at most ${CLIENT_MESSAGE_MAX_BYTES} bytes.`,
    };
  return { type: 'message', text: data.toString() };
}
