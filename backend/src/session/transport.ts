// What a session knows of its connection: four methods and one reading. The socket room implements it over a
// WebSocket, tests over memory. Nothing here may block, and nothing throws: a broken line is a `closed` event.
import type { CloseReason } from '@tidewatch/schemas/close-code';
import type { Payload } from '@tidewatch/schemas/wire/codec';

export type TransportEvent =
  | { readonly type: 'message'; readonly text: string }
  /** The client sent what is no message: binary, or longer than the limit. It was not read. */
  | { readonly type: 'unreadable'; readonly code: 'bad_message' | 'too_large'; readonly message: string }
  /** Everything written before the ping with this mark has been taken by the client. */
  | { readonly type: 'pong'; readonly mark: string }
  | { readonly type: 'closed' };

/** `reset` breaks the line at once and drops what the kernel still holds: no close code reaches the client. */
export type CloseHow = CloseReason | 'reset';

export interface Transport {
  /** All payloads in one write, followed by the ping that waits, if one does. Does not keep the array. */
  write(payloads: readonly Payload[]): void;
  /** A protocol ping that goes out at the end of the next `write`, in the same piece. */
  ping(mark: string): void;
  close(how: CloseHow): void;
  /** One handler, set once, before anything is written. `closed` is the last event and comes exactly once. */
  onEvent(handler: (event: TransportEvent) => void): void;
  /** Bytes that wait in this process because the kernel does not take them. */
  readonly backlogBytes: number;
}
