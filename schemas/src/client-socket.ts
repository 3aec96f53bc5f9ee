// What a live client needs of the world: a socket, time, chance. A browser, a command-line tool and a test each bring
// their own.
import type { Payload } from './wire/codec.ts';

export interface ClientSocket {
  send(text: string): void;
  /** Gives the line up. No event comes after it. */
  close(): void;
}

export interface SocketEvents {
  /** Text as string, binary as bytes. */
  onMessage(payload: Payload): void;
  /** Also where it never opened. `code` is the WebSocket close code; 1006 where there is none. Comes at most once. */
  onClosed(code: number): void;
}

/** Opens one connection that offers this subprotocol. Events come later, never during the call. */
export type OpenSocket = (subprotocol: string, events: SocketEvents) => ClientSocket;

export interface ClientTimer {
  stop(): void;
}

export interface ClientClockSource {
  /** Epoch ms. */
  now(): number;
  /** ms that never go back. */
  monotonic(): number;
  /** Calls once after `ms`. */
  after(ms: number, call: () => void): ClientTimer;
}
