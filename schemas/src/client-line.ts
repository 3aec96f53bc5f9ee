// The line of a live client: opens it, notices when it fell silent, comes back with full jitter, and knows where it
// stands (client-connection.ts). What is said on it is not its business.
import { retryDelayMs } from './client-backoff.ts';
import { type ConnectionEvent, type ConnectionState, finalReason, nextConnection } from './client-connection.ts';
import type { ClientClockSource, ClientSocket, ClientTimer, OpenSocket } from './client-socket.ts';
import { closeReason } from './close-code.ts';
import type { Payload } from './wire/codec.ts';

/** A connection that has not said hello by then is given up, ms. */
export const HELLO_WITHIN_MS = 10_000;
/** Heartbeat intervals of silence after which the line is dead. */
export const SILENCE_INTERVALS = 2.5;
/** A line that held this long counts as one: the next drop starts the waiting anew. */
export const STEADY_AFTER_MS = 5_000;
/** How often `reconnecting` is looked at, ms. */
const LOST_CHECK_MS = 1_000;
/** No WebSocket close code came: the line broke. */
const BROKEN = 1006;

export interface ClientLineOptions {
  readonly openSocket: OpenSocket;
  readonly clock: ClientClockSource;
  readonly random: () => number;
  /** The name that is offered at the handshake. */
  readonly subprotocol: string;
  readonly onState: (state: ConnectionState) => void;
  readonly onPayload: (payload: Payload) => void;
  /** Everything that was on the line is gone. */
  readonly onLost: () => void;
}

export interface ClientLine {
  readonly state: ConnectionState;
  send(text: string): void;
  start(): void;
  /** The gateway said hello, and how often it speaks at least. */
  greeted(heartbeatMs: number): void;
  retryNow(): void;
  stop(): void;
}

export function createClientLine(options: ClientLineOptions): ClientLine {
  const { openSocket, clock, random, subprotocol, onState, onPayload, onLost } = options;
  let state: ConnectionState = { kind: 'closed', since: clock.now(), reason: 'stopped' };
  let socket: ClientSocket | undefined;
  /** What comes next: the end of patience with a handshake or with silence, or the next attempt. */
  let timer: ClientTimer | undefined;
  let lostTimer: ClientTimer | undefined;
  let attempt = 0;
  let liveAt: number | undefined;
  let heardAt = 0;
  let silenceMs = 0;

  function go(event: ConnectionEvent): void {
    const next = nextConnection(state, event);
    if (next === state) return;
    state = next;
    onState(state);
  }

  function setTimer(ms: number, call: () => void): void {
    timer?.stop();
    timer = clock.after(ms, call);
  }

  function connect(): void {
    if (state.kind !== 'connecting') go({ type: 'lost', now: clock.now(), attempt, retryAt: null });
    const mine = openSocket(subprotocol, {
      onMessage(payload) {
        if (mine !== socket) return;
        heardAt = clock.monotonic();
        onPayload(payload);
      },
      onClosed(code) {
        if (mine === socket) closed(code);
      },
    });
    socket = mine;
    setTimer(HELLO_WITHIN_MS, () => closed(BROKEN));
  }

  function closed(code: number): void {
    const reason = finalReason(closeReason(code));
    drop();
    if (reason !== undefined) {
      stopLostTimer();
      go({ type: 'refused', now: clock.now(), reason });
      return;
    }
    if (liveAt !== undefined && clock.monotonic() - liveAt >= STEADY_AFTER_MS) attempt = 0;
    liveAt = undefined;
    attempt++;
    const wait = retryDelayMs(attempt, random());
    go({ type: 'lost', now: clock.now(), attempt, retryAt: clock.now() + wait });
    lostTimer ??= clock.after(LOST_CHECK_MS, lookAtLost);
    setTimer(wait, connect);
  }

  /** Reconnecting becomes offline by time alone. */
  function lookAtLost(): void {
    lostTimer = undefined;
    go({ type: 'clock', now: clock.now() });
    if (state.kind === 'reconnecting') lostTimer = clock.after(LOST_CHECK_MS, lookAtLost);
  }

  function stopLostTimer(): void {
    lostTimer?.stop();
    lostTimer = undefined;
  }

  function drop(): void {
    timer?.stop();
    socket?.close();
    socket = undefined;
    onLost();
  }

  /** Runs when the line may have been silent for too long. */
  function listen(): void {
    const left = heardAt + silenceMs - clock.monotonic();
    if (left <= 0) closed(BROKEN);
    else setTimer(left, listen);
  }

  return {
    get state() {
      return state;
    },
    send: (text) => socket?.send(text),
    start() {
      if (state.kind !== 'closed' && state.kind !== 'signedOut') return;
      attempt = 0;
      go({ type: 'started', now: clock.now() });
      connect();
    },
    greeted(heartbeatMs) {
      liveAt = clock.monotonic();
      silenceMs = heartbeatMs * SILENCE_INTERVALS;
      stopLostTimer();
      setTimer(silenceMs, listen);
      go({ type: 'hello', now: clock.now() });
    },
    retryNow() {
      // A tab that slept may hold a line that died meanwhile.
      if (state.kind === 'live') listen();
      else if ((state.kind === 'reconnecting' || state.kind === 'offline') && state.retryAt !== null) connect();
    },
    stop() {
      drop();
      stopLostTimer();
      go({ type: 'stopped', now: clock.now() });
    },
  };
}
