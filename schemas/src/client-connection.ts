// How a client stands to the gateway. One transition function:
//
//   connecting --hello--> live --line lost--> reconnecting --LOST_FOR_MS--> offline
//   connecting --line lost--> reconnecting; reconnecting, offline --hello--> live
//   any --closed with a code that says "do not come back"--> signedOut | closed; nothing but `start` leads out of these
import { CLOSE, type CloseReason } from './close-code.ts';

/** From here on a lost connection is called offline rather than reconnecting. */
export const LOST_FOR_MS = 5_000;

/** Times are this client's clock, epoch ms. `retryAt` null: trying now. `attempt` counts from 1. */
export type ConnectionState =
  | { readonly kind: 'connecting'; readonly since: number }
  | { readonly kind: 'live'; readonly since: number }
  | { readonly kind: 'reconnecting'; readonly since: number; readonly attempt: number; readonly retryAt: number | null }
  | { readonly kind: 'offline'; readonly since: number; readonly attempt: number; readonly retryAt: number | null }
  | { readonly kind: 'signedOut'; readonly since: number }
  | { readonly kind: 'closed'; readonly since: number; readonly reason: CloseReason | 'stopped' };

export type ConnectionEvent =
  | { readonly type: 'started'; readonly now: number }
  | { readonly type: 'hello'; readonly now: number }
  /** The line broke, or an attempt failed; the next is at `retryAt`. */
  | { readonly type: 'lost'; readonly now: number; readonly attempt: number; readonly retryAt: number | null }
  | { readonly type: 'refused'; readonly now: number; readonly reason: CloseReason }
  | { readonly type: 'stopped'; readonly now: number }
  /** Time passed. */
  | { readonly type: 'clock'; readonly now: number };

export function nextConnection(state: ConnectionState, event: ConnectionEvent): ConnectionState {
  const { now } = event;
  switch (event.type) {
    case 'started':
      return { kind: 'connecting', since: now };
    case 'hello':
      return { kind: 'live', since: now };
    case 'lost':
      return lost(state, now, event.attempt, event.retryAt);
    case 'refused':
      return event.reason === 'signedOut'
        ? { kind: 'signedOut', since: now }
        : { kind: 'closed', since: now, reason: event.reason };
    case 'stopped':
      return { kind: 'closed', since: now, reason: 'stopped' };
    case 'clock':
      return state.kind === 'reconnecting' && now - state.since >= LOST_FOR_MS ? { ...state, kind: 'offline' } : state;
  }
}

function lost(state: ConnectionState, now: number, attempt: number, retryAt: number | null): ConnectionState {
  switch (state.kind) {
    case 'signedOut':
    case 'closed':
      return state;
    case 'live':
      return { kind: 'reconnecting', since: now, attempt, retryAt };
    case 'connecting':
    case 'reconnecting':
    case 'offline': {
      const kind = now - state.since >= LOST_FOR_MS ? 'offline' : 'reconnecting';
      return { kind, since: state.since, attempt, retryAt };
    }
  }
}

/** What a close code means here: a reason not to come back, or undefined: try again. */
export function finalReason(reason: CloseReason | undefined): CloseReason | undefined {
  return reason === undefined || CLOSE[reason].reconnect ? undefined : reason;
}
