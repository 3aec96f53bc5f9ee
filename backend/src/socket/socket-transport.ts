// A session's transport over a WebSocket. Frames go straight to the TCP socket that `ws` reads from, several in one
// write; `ws` itself only reads, answers pings and closes. That holds as long as nothing is compressed and nothing is
// sent through `ws` besides.
import type { Socket } from 'node:net';
import { CLOSE } from '@tidewatch/schemas/close-code';
import { CLIENT_MESSAGE_MAX_BYTES } from '@tidewatch/schemas/message-client';
import type { Payload } from '@tidewatch/schemas/wire/codec';
import type { RawData, WebSocket } from 'ws';
import type { CloseHow, Transport, TransportEvent } from '../session/transport.ts';
import { frameOf, JOIN_MAX_BYTES, joinedFrames, pingFrame } from './frame.ts';

export function createSocketTransport(webSocket: WebSocket, socket: Socket): Transport {
  return new SocketTransport(webSocket, socket);
}

class SocketTransport implements Transport {
  readonly #webSocket: WebSocket;
  readonly #socket: Socket;
  #ping: Buffer | null = null;
  /** False from the end of the line on. What is written after the client's own goodbye, it ignores. */
  #isOpen = true;

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
    if (!this.#isOpen) return;
    const data = payloads.length === 1 ? frameOf(payloads[0] as Payload) : joinedFrames(payloads);
    if (ping === null && data !== null) this.#socket.write(data);
    else if (data !== null && data.length <= JOIN_MAX_BYTES)
      this.#socket.write(ping === null ? data : Buffer.concat([data, ping]));
    else this.#writeMany(payloads, ping);
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
    webSocket.on('close', () => {
      this.#isOpen = false;
      handler({ type: 'closed' });
    });
  }

  #writeMany(payloads: readonly Payload[], ping: Buffer | null): void {
    this.#socket.cork();
    for (const payload of payloads) this.#socket.write(frameOf(payload));
    if (ping !== null) this.#socket.write(ping);
    this.#socket.uncork();
  }
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
