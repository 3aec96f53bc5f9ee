// A live connection to a gateway, kept up whatever happens: routes frames to topics and answers to requests, and asks for
// every topic again, from where it stood, when the line is back (client-line.ts). No DOM, no Node: whoever uses it
// brings a socket, time and chance (client-socket.ts).
import { createClientClock } from './client-clock.ts';
import type { ConnectionState } from './client-connection.ts';
import { createClientLine } from './client-line.ts';
import { createClientRequests } from './client-requests.ts';
import type { ClientClockSource, OpenSocket } from './client-socket.ts';
import { createClientSubscription, type SubscriptionDriver, type SubscriptionLine } from './client-subscription.ts';
import type { ClientSubscription, MessageOf, Wanted } from './client-topic.ts';
import { ServerMessage, SUBPROTOCOL, type SubprotocolName } from './message-server.ts';
import type { Payload } from './wire/codec.ts';
import { peekTopicId } from './wire/encoder.ts';

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
  let isWatching = false;

  const line = createClientLine({
    openSocket,
    clock,
    random,
    subprotocol: SUBPROTOCOL[subprotocol],
    onState: (state) => emit({ type: 'state', state }),
    onPayload: take,
    onLost() {
      byTopicId.clear();
      requests.lose();
      for (const subscription of byTopic.values()) subscription.lineLost();
    },
  });
  const { monotonic } = clock;
  const requests = createClientRequests({ send: line.send, monotonic, onRoundTrip: serverClock.answered });
  const forTopics: SubscriptionLine = {
    clock,
    requests,
    subprotocol,
    isLive: () => line.state.kind === 'live',
    send: line.send,
    bind(topicId, subscription) {
      unbind(subscription);
      byTopicId.set(topicId, subscription);
    },
    forget(subscription) {
      unbind(subscription);
      byTopic.delete(subscription.topic);
    },
  };

  function unbind(subscription: SubscriptionDriver): void {
    for (const [id, bound] of byTopicId) if (bound === subscription) byTopicId.delete(id);
  }

  function emit(event: LiveClientEvent): void {
    for (const listener of [...listeners]) listener(event);
  }

  function take(payload: Payload): void {
    const topicId = peekTopicId(payload);
    if (topicId === undefined) {
      if (typeof payload === 'string') takeText(payload);
      return;
    }
    const subscription = byTopicId.get(topicId);
    if (subscription === undefined) return;
    const before = subscription.replica.at;
    subscription.takeFrame(payload);
    const { at } = subscription.replica;
    if (at !== before) serverClock.heard(at, clock.now());
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
    serverClock.heard(hello.now, clock.now());
    line.greeted(hello.heartbeatMs);
    emit({ type: 'hello', hello });
    for (const subscription of [...byTopic.values()]) subscription.resume();
    if (isWatching) sayWatch();
  }

  function takeError(error: MessageOf<'error'>): void {
    if (requests.answer(error.id, error)) return;
    emit({ type: 'error', error });
    if (error.code === 'too_fast') clock.after(REPEAT_AFTER_MS, () => line.state.kind === 'live' && requests.repeat());
    // A resync that found no subscription: the two sides differ, so ask anew.
    if (error.code === 'not_subscribed' && error.topic !== undefined) byTopic.get(error.topic)?.resume();
  }

  function sayWatch(): void {
    line.send(JSON.stringify({ type: 'watch_topics', id: requests.nextId(), isOn: isWatching }));
  }

  return {
    get state() {
      return line.state;
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
    start: line.start,
    retryNow: line.retryNow,
    subscribe(topic, wanted = {}) {
      if (byTopic.has(topic)) throw new Error(`${topic} is subscribed already: there is one subscription a topic.`);
      const subscription = createClientSubscription(topic, wanted, forTopics);
      byTopic.set(topic, subscription);
      return subscription;
    },
    watchTopics(isOn) {
      isWatching = isOn;
      if (line.state.kind === 'live') sayWatch();
    },
    stop: line.stop,
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
