// A live connection to a gateway, kept up whatever happens: routes messages to topics, answers to requests, notices a
// line that fell silent, comes back with full jitter and goes on from where each topic stood. No DOM, no Node: whoever
// uses it brings a socket, time and chance (client-socket.ts). States: client-connection.ts.
import { retryDelayMs } from './client-backoff.ts';
import { createClientClock } from './client-clock.ts';
import { type ConnectionEvent, type ConnectionState, finalReason, nextConnection } from './client-connection.ts';
import { createClientRequests } from './client-requests.ts';
import type { ClientClockSource, ClientSocket, ClientTimer, OpenSocket } from './client-socket.ts';
import { createClientSubscription, type SubscriptionDriver, type SubscriptionLine } from './client-subscription.ts';
import type { ClientSubscription, MessageOf, Wanted } from './client-topic.ts';
import { closeReason } from './close-code.ts';
import { ServerMessage, SUBPROTOCOL, type SubprotocolName } from './message-server.ts';
import type { Payload } from './wire/codec.ts';
import { peekTopicId } from './wire/encoder.ts';

/** A connection that has not said hello by then is given up, ms. */
export const HELLO_WITHIN_MS = 10_000;
/** Heartbeat intervals of silence after which the line is dead. */
export const SILENCE_INTERVALS = 2.5;
/** A line that held this long counts as one: the next drop starts the waiting anew. */
export const STEADY_AFTER_MS = 5_000;
/** Wait before saying again what the gateway did not read, ms. */
export const REPEAT_AFTER_MS = 2_000;

export type LiveClientEvent =
  | { readonly type: 'state'; readonly state: ConnectionState }
  | { readonly type: 'hello'; readonly hello: MessageOf<'hello'> }
  | { readonly type: 'topics'; readonly topics: MessageOf<'topics'> }
  | { readonly type: 'accessChanged'; readonly version: number }
  /** The gateway refused something that belongs to no open request. */
  | { readonly type: 'error'; readonly error: MessageOf<'error'> };

export interface LiveClient {
  readonly state: ConnectionState;
  /** Server time now, epoch ms. */
  serverNow(): number;
  /** Server clock minus this one, ms. */
  readonly offsetMs: number;
  readonly roundTripMs: number | null;
  on(listener: (event: LiveClientEvent) => void): () => void;
  start(): void;
  /** Tries at once: the network is back, the tab is visible, somebody pressed the button. */
  retryNow(): void;
  /** One a topic. Opens it now, or as soon as there is a line. */
  subscribe(topic: string, wanted?: Wanted): ClientSubscription;
  /** The list of topics as `topics` events, once a second while it changes. */
  watchTopics(isOn: boolean): void;
  stop(): void;
}

export interface LiveClientOptions {
  readonly openSocket: OpenSocket;
  readonly clock: ClientClockSource;
  /** In [0, 1). */
  readonly random: () => number;
  readonly subprotocol?: SubprotocolName;
}

export function createLiveClient(options: LiveClientOptions): LiveClient {
  const { openSocket, clock, random, subprotocol = 'binary' } = options;
  const listeners = new Set<(event: LiveClientEvent) => void>();
  const byTopic = new Map<string, SubscriptionDriver>();
  const byTopicId = new Map<number, SubscriptionDriver>();
  const serverClock = createClientClock();
  const requests = createClientRequests({ send, monotonic: clock.monotonic, onRoundTrip: serverClock.answered });
  let state: ConnectionState = { kind: 'closed', since: clock.now(), reason: 'stopped' };
  let socket: ClientSocket | undefined;
  let timer: ClientTimer | undefined;
  let lostTimer: ClientTimer | undefined;
  let attempt = 0;
  let liveAt = 0;
  let heardAt = 0;
  let silenceMs = 0;
  let isWatching = false;

  const line: SubscriptionLine = {
    clock,
    requests,
    subprotocol,
    isLive: () => state.kind === 'live',
    send,
    bind(topicId, subscription) {
      for (const [id, bound] of byTopicId) if (bound === subscription) byTopicId.delete(id);
      byTopicId.set(topicId, subscription);
    },
    forget(subscription) {
      for (const [id, bound] of byTopicId) if (bound === subscription) byTopicId.delete(id);
      byTopic.delete(subscription.topic);
    },
  };

  function send(text: string): void {
    socket?.send(text);
  }

  function emit(event: LiveClientEvent): void {
    for (const listener of [...listeners]) listener(event);
  }

  function go(event: ConnectionEvent): void {
    const next = nextConnection(state, event);
    if (next === state) return;
    state = next;
    emit({ type: 'state', state });
  }

  function setTimer(ms: number, call: () => void): void {
    timer?.stop();
    timer = clock.after(ms, call);
  }

  function connect(): void {
    if (state.kind !== 'connecting') go({ type: 'lost', now: clock.now(), attempt, retryAt: null });
    const mine = openSocket(SUBPROTOCOL[subprotocol], {
      onMessage: (payload) => mine === socket && take(payload),
      onClosed: (code) => mine === socket && closed(code),
    });
    socket = mine;
    setTimer(HELLO_WITHIN_MS, () => closed(1006));
  }

  function closed(code: number): void {
    const reason = finalReason(closeReason(code));
    drop();
    if (reason !== undefined) {
      lostTimer?.stop();
      go({ type: 'refused', now: clock.now(), reason });
      return;
    }
    if (liveAt > 0 && clock.monotonic() - liveAt >= STEADY_AFTER_MS) attempt = 0;
    liveAt = 0;
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

  /** Gives the line up and everything that was on it. */
  function drop(): void {
    timer?.stop();
    socket?.close();
    socket = undefined;
    byTopicId.clear();
    requests.lose();
    for (const subscription of byTopic.values()) subscription.lineLost();
  }

  function take(payload: Payload): void {
    heardAt = clock.monotonic();
    const topicId = peekTopicId(payload);
    if (topicId !== undefined) {
      const subscription = byTopicId.get(topicId);
      subscription?.takeFrame(payload);
      if (subscription !== undefined && subscription.replica.at > 0)
        serverClock.heard(subscription.replica.at, clock.now());
    } else if (typeof payload === 'string') takeText(payload);
  }

  function takeText(text: string): void {
    const parsed = ServerMessage.safeParse(parse(text));
    // A message that this client does not know is of a newer gateway: not for us.
    if (parsed.success) takeMessage(parsed.data);
  }

  function takeMessage(message: ServerMessage): void {
    switch (message.type) {
      case 'hello':
        takeHello(message);
        break;
      case 'heartbeat':
        serverClock.heard(message.now, clock.now());
        break;
      case 'subscribed':
        byTopic.get(message.topic)?.takeMessage(message);
        requests.answer(message.id, message);
        break;
      case 'unsubscribed':
        requests.answer(message.id, message);
        break;
      case 'revoked':
      case 'upstream':
        byTopic.get(message.topic)?.takeMessage(message);
        break;
      case 'error':
        takeError(message);
        break;
      case 'access_changed':
        emit({ type: 'accessChanged', version: message.version });
        for (const subscription of [...byTopic.values()]) subscription.retry();
        break;
      case 'topics':
        emit({ type: 'topics', topics: message });
    }
  }

  function takeHello(hello: MessageOf<'hello'>): void {
    liveAt = clock.monotonic();
    silenceMs = hello.heartbeatMs * SILENCE_INTERVALS;
    serverClock.heard(hello.now, clock.now());
    lostTimer?.stop();
    lostTimer = undefined;
    go({ type: 'hello', now: clock.now() });
    emit({ type: 'hello', hello });
    for (const subscription of [...byTopic.values()]) subscription.resume();
    if (isWatching) sayWatch();
    setTimer(silenceMs, listen);
  }

  /** Runs when the line may have been silent for too long. */
  function listen(): void {
    const left = heardAt + silenceMs - clock.monotonic();
    if (left <= 0) closed(1006);
    else setTimer(left, listen);
  }

  function takeError(error: MessageOf<'error'>): void {
    if (requests.answer(error.id, error)) return;
    emit({ type: 'error', error });
    if (error.code === 'too_fast') clock.after(REPEAT_AFTER_MS, () => state.kind === 'live' && requests.repeat());
    // A resync that found no subscription: the two sides differ, so ask anew.
    if (error.code === 'not_subscribed' && error.topic !== undefined) byTopic.get(error.topic)?.resume();
  }

  function sayWatch(): void {
    send(JSON.stringify({ type: 'watch_topics', id: requests.nextId(), isOn: isWatching }));
  }

  return {
    get state() {
      return state;
    },
    get offsetMs() {
      return serverClock.offsetMs;
    },
    get roundTripMs() {
      return serverClock.roundTripMs;
    },
    serverNow: () => clock.now() + serverClock.offsetMs,
    on(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    start() {
      if (state.kind !== 'closed' && state.kind !== 'signedOut') return;
      attempt = 0;
      go({ type: 'started', now: clock.now() });
      connect();
    },
    retryNow() {
      if (state.kind === 'live') return listen();
      if ((state.kind !== 'reconnecting' && state.kind !== 'offline') || state.retryAt === null) return;
      connect();
    },
    subscribe(topic, wanted = {}) {
      if (byTopic.has(topic)) throw new Error(`${topic} is subscribed already: there is one subscription a topic.`);
      const subscription = createClientSubscription(topic, wanted, line);
      byTopic.set(topic, subscription);
      return subscription;
    },
    watchTopics(isOn) {
      isWatching = isOn;
      if (state.kind === 'live') sayWatch();
    },
    stop() {
      drop();
      lostTimer?.stop();
      lostTimer = undefined;
      go({ type: 'stopped', now: clock.now() });
    },
  };
}

/** How often `reconnecting` is looked at, ms. */
const LOST_CHECK_MS = 1_000;

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
