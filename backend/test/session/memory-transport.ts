// A client over memory. What is written lies in a line until the client takes it: at once, or by hand.
import { CLOSE } from '@tidewatch/schemas/close-code';
import type { ClientMessage } from '@tidewatch/schemas/message-client';
import type { ServerMessage } from '@tidewatch/schemas/message-server';
import type { Payload } from '@tidewatch/schemas/wire/codec';
import type { CloseHow, Transport, TransportEvent } from '../../src/session/transport.ts';

type Piece = { readonly kind: 'payload'; readonly payload: Payload } | { readonly kind: 'ping'; readonly mark: string };

export interface MemoryTransport extends Transport {
  /** Everything that was ever written, a list a write. */
  readonly writes: readonly (readonly Payload[])[];
  readonly pings: readonly string[];
  /** What the client has read, oldest first. */
  readonly taken: readonly Payload[];
  readonly closedAs: CloseHow | null;
  backlogBytes: number;
  /** True: whatever arrives is read and answered at once. */
  isReading: boolean;
  /** Reads so many pieces that lie in the line, or all. */
  take(pieces?: number): void;
  send(message: ClientMessage): void;
  sendText(text: string): void;
  emit(event: TransportEvent): void;
  /** Control messages among what was written. */
  messages(): ServerMessage[];
  messagesOf<Type extends ServerMessage['type']>(type: Type): Extract<ServerMessage, { type: Type }>[];
  /** Payloads of data among what was written. */
  frames(): Payload[];
}

export function createMemoryTransport(): MemoryTransport {
  const writes: (readonly Payload[])[] = [];
  const pings: string[] = [];
  const taken: Payload[] = [];
  const line: Piece[] = [];
  let handler: (event: TransportEvent) => void = () => {};
  let ping: string | null = null;

  const transport: MemoryTransport = {
    writes,
    pings,
    taken,
    closedAs: null,
    backlogBytes: 0,
    isReading: true,
    write(payloads) {
      if (transport.closedAs !== null) throw new Error('written after close');
      writes.push([...payloads]);
      for (const payload of payloads) line.push({ kind: 'payload', payload });
      if (ping !== null) line.push({ kind: 'ping', mark: ping });
      ping = null;
      if (transport.isReading) transport.take();
    },
    ping(mark) {
      ping = mark;
      pings.push(mark);
    },
    close(how) {
      (transport as { closedAs: CloseHow | null }).closedAs = how;
      if (how === 'reset') line.length = 0;
      else if (CLOSE[how] === undefined) throw new Error(`no such reason: ${how}`);
    },
    onEvent(next) {
      handler = next;
    },
    take(pieces = Number.POSITIVE_INFINITY) {
      for (let left = pieces; left > 0; left--) {
        const piece = line.shift();
        if (piece === undefined) return;
        if (piece.kind === 'payload') taken.push(piece.payload);
        else handler({ type: 'pong', mark: piece.mark });
      }
    },
    emit: (event) => handler(event),
    send: (message) => handler({ type: 'message', text: JSON.stringify(message) }),
    sendText: (text) => handler({ type: 'message', text }),
    messages: () =>
      writes.flat().flatMap((payload) => {
        const message = typeof payload === 'string' ? (JSON.parse(payload) as ServerMessage) : null;
        return message === null || ['snapshot', 'delta', 'history'].includes(message.type) ? [] : [message];
      }),
    messagesOf: (type) => transport.messages().filter((message) => message.type === type) as never,
    frames: () => writes.flat().filter((payload) => typeof payload !== 'string'),
  };
  return transport;
}
