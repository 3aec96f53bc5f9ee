// How this browser stands to the gateway. A union with one transition function:
//
//   connecting --open--> live <--caught up / late--> slow
//   live, slow --lost--> reconnecting --LOST_FOR_MS--> offline --open--> live
//   any --refused--> signedOut | ended (kicked, or a protocol this page does not speak): nothing comes back by itself
//
// Only `live` and `slow` are online: everything else makes every panel say so.
import type { CloseReason } from '@tidewatch/schemas/close-code';

/** From here on a lost connection is called offline rather than reconnecting. */
export const LOST_FOR_MS = 5_000;
/** Data this much behind the server's clock makes a connection slow; under half of it, it is live again. */
export const SLOW_AFTER_MS = 3_000;

/** Times are this browser's clock, epoch ms. `retryAt` null: trying now. */
export type ConnectionState =
  | { readonly kind: 'connecting'; readonly since: number }
  | { readonly kind: 'live'; readonly since: number; readonly delayMs: number | null }
  | { readonly kind: 'slow'; readonly since: number; readonly lagMs: number }
  | { readonly kind: 'reconnecting'; readonly since: number; readonly attempt: number; readonly retryAt: number | null }
  | { readonly kind: 'offline'; readonly since: number; readonly attempt: number; readonly retryAt: number | null }
  | { readonly kind: 'signedOut'; readonly since: number }
  | { readonly kind: 'ended'; readonly since: number; readonly reason: CloseReason };

export type ConnectionEvent =
  | { readonly type: 'opened'; readonly now: number }
  | { readonly type: 'lost'; readonly now: number; readonly attempt: number; readonly retryAt: number | null }
  | { readonly type: 'refused'; readonly now: number; readonly reason: CloseReason }
  | { readonly type: 'delay'; readonly now: number; readonly delayMs: number }
  | { readonly type: 'clock'; readonly now: number };

export function nextConnection(state: ConnectionState, event: ConnectionEvent): ConnectionState {
  switch (event.type) {
    case 'opened':
      return { kind: 'live', since: event.now, delayMs: null };
    case 'lost':
      return lost(state, event.now, event.attempt, event.retryAt);
    case 'refused':
      return event.reason === 'signedOut'
        ? { kind: 'signedOut', since: event.now }
        : { kind: 'ended', since: event.now, reason: event.reason };
    case 'delay':
      return delayed(state, event.now, event.delayMs);
    case 'clock':
      return state.kind === 'reconnecting' && event.now - state.since >= LOST_FOR_MS
        ? { ...state, kind: 'offline' }
        : state;
  }
}

function lost(state: ConnectionState, now: number, attempt: number, retryAt: number | null): ConnectionState {
  switch (state.kind) {
    case 'signedOut':
    case 'ended':
      return state;
    case 'reconnecting':
    case 'offline':
      return { kind: now - state.since >= LOST_FOR_MS ? 'offline' : state.kind, since: state.since, attempt, retryAt };
    case 'connecting':
      return { kind: 'reconnecting', since: state.since, attempt, retryAt };
    case 'live':
    case 'slow':
      return { kind: 'reconnecting', since: now, attempt, retryAt };
  }
}

function delayed(state: ConnectionState, now: number, delayMs: number): ConnectionState {
  if (state.kind === 'live') {
    if (delayMs >= SLOW_AFTER_MS) return { kind: 'slow', since: now, lagMs: delayMs };
    return { ...state, delayMs };
  }
  if (state.kind === 'slow') {
    return delayMs < SLOW_AFTER_MS / 2 ? { kind: 'live', since: now, delayMs } : { ...state, lagMs: delayMs };
  }
  return state;
}

export function isOnline(state: ConnectionState): boolean {
  return state.kind === 'live' || state.kind === 'slow';
}

/** Since when nothing on the page is current; null while online. */
export function offlineSince(state: ConnectionState): number | null {
  return isOnline(state) ? null : state.since;
}
