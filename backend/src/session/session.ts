// One client: a message comes in, is checked, asked of the rules and answered by its id. Messages wait while the client
// does not take what it asked for before, so that nobody makes the gateway produce more than they read.
//
//   open --close, line broken--> closed. Whatever reaches a closed session is ignored.
import type { CloseReason } from '@tidewatch/schemas/close-code';
import type { ClientMessage } from '@tidewatch/schemas/message-client';
import {
  type ErrorCode,
  PROTOCOL_VERSION,
  type ServerMessage,
  type SubprotocolName,
} from '@tidewatch/schemas/message-server';
import type { Upstream } from '@tidewatch/schemas/upstream';
import { readClientText } from './client-text.ts';
import { HEARTBEAT_MS, heartbeatMessage, isHeartbeatDue } from './heartbeat.ts';
import { createMessageLimit, type MessageLimit } from './message-limit.ts';
import { createOutbox, type Outbox, type OutboxHost } from './outbox.ts';
import { type SessionContext, SUBSCRIPTIONS_MAX, type Visitor } from './session-context.ts';
import type { StreamSource, Subscription, SubscriptionHost } from './subscription.ts';
import type { TopicWatch } from './topic-watch.ts';
import type { Transport, TransportEvent } from './transport.ts';

/** Messages of one session that may wait to be read. */
export const INBOX_MAX = 256;

export interface SessionOptions {
  readonly id: string;
  readonly context: SessionContext;
  readonly visitor: Visitor;
  readonly transport: Transport;
  /** Answers one message that was read. */
  readonly onMessage: (session: Session, message: ClientMessage) => void;
  readonly onClosed: (session: Session) => void;
}

export function createSession(options: SessionOptions): Session {
  return new Session(options);
}

/** A class for its size: there is one a connection. */
export class Session implements SubscriptionHost, OutboxHost {
  readonly id: string;
  readonly context: SessionContext;
  readonly visitor: Visitor;
  /** Epoch ms. */
  readonly since: number;
  readonly outbox: Outbox;
  readonly subscriptions = new Map<string, Subscription>();
  topicWatch: TopicWatch | null = null;
  resyncs = 0;
  #mergedTicksBefore = 0;
  readonly #transport: Transport;
  readonly #onMessage: SessionOptions['onMessage'];
  readonly #onClosed: SessionOptions['onClosed'];
  #inbox: ClientMessage[] | null = null;
  #limit: MessageLimit | null = null;
  #isOpen = true;

  constructor({ id, context, visitor, transport, onMessage, onClosed }: SessionOptions) {
    this.id = id;
    this.context = context;
    this.visitor = visitor;
    this.#transport = transport;
    this.#onMessage = onMessage;
    this.#onClosed = onClosed;
    this.since = context.clock.now();
    const { inFlightMaxBytes, wheel } = context;
    this.outbox = createOutbox({ transport, wheel, inFlightMaxBytes, host: this }, this.monotonic());
    transport.onEvent((event) => this.#onEvent(event));
    visitor.lease?.onLost(() => this.close('signedOut'));
    if (this.#isOpen) this.#hello();
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Ticks that were merged because the client was behind. */
  get mergedTicks(): number {
    let sum = this.#mergedTicksBefore;
    for (const subscription of this.subscriptions.values()) sum += subscription.mergedTicks;
    return sum;
  }

  get subprotocol(): SubprotocolName {
    return this.visitor.subprotocol;
  }

  get streams(): StreamSource {
    return this.context.streams;
  }

  monotonic(): number {
    return Math.floor(this.context.clock.monotonic());
  }

  /** Queues a control message. */
  say(message: ServerMessage): void {
    this.sayText(JSON.stringify(message));
  }

  sayText(text: string): void {
    if (this.#isOpen) this.outbox.push(text, null);
  }

  refuse(id: number, code: ErrorCode, message: string, about: { topic?: string; owner?: string } = {}): void {
    this.say({ type: 'error', id, code, message, ...about });
  }

  /** Writes what is queued, without waiting for the session's phase. */
  flush(): void {
    if (this.#isOpen) this.outbox.flush(this.monotonic());
  }

  upstreamChanged(topic: string, upstream: Upstream): void {
    if (!this.subscriptions.has(topic)) return;
    this.say({ type: 'upstream', topic, upstream });
    this.outbox.wake(false);
  }

  /** Called once a second for those who watch the list of topics. */
  topicsRefreshed(): void {
    if (this.topicWatch === null || !this.outbox.isTaking()) return;
    const text = this.topicWatch.next(this.context.clock.now());
    if (text === null) return;
    this.sayText(text);
    this.outbox.wake(false);
  }

  /** Called every CHECK_EVERY_MS: heartbeat, slow client, topics that fell quiet while it was behind. */
  check(now: number): void {
    if (this.outbox.check(now) === 'slow') {
      this.close('slow');
      return;
    }
    for (const subscription of this.subscriptions.values()) subscription.catchUp(now);
    if (isHeartbeatDue(this.outbox.lastWriteAt, now)) {
      this.sayText(heartbeatMessage(this.context.clock.now()));
      this.outbox.flush(now);
    }
  }

  /** Ends a subscription and takes back what is queued of it. */
  end(subscription: Subscription): void {
    subscription.stop();
    this.#mergedTicksBefore += subscription.mergedTicks;
    this.subscriptions.delete(subscription.wanted.topic);
  }

  /** More in flight than can be waited for, or something that the kernel has not even taken. */
  mustReset(maxBytes: number): boolean {
    return this.outbox.inFlightBytes > maxBytes || this.#transport.backlogBytes > 0;
  }

  /** Nothing is written after this but the close itself. */
  close(how: CloseReason | 'reset'): void {
    if (!this.#isOpen) return;
    this.#over();
    this.#transport.close(how);
  }

  #onEvent(event: TransportEvent): void {
    if (!this.#isOpen) return;
    switch (event.type) {
      case 'message':
        this.#onText(event.text);
        break;
      case 'unreadable':
        if (this.#isWithinLimit()) this.#refuseNow(0, event.code, event.message);
        break;
      case 'pong':
        this.outbox.answered(event.mark, this.monotonic());
        break;
      case 'closed':
        this.#over();
    }
  }

  #onText(text: string): void {
    if (!this.#isWithinLimit()) return;
    const read = readClientText(text);
    this.#inbox ??= [];
    if (!read.isRead) this.#refuseNow(read.id, 'bad_message', read.message);
    else if (this.#inbox.length >= INBOX_MAX)
      this.#refuseNow(read.message.id, 'too_many', `${INBOX_MAX} requests wait already: take the answers first.`);
    else {
      this.#inbox.push(read.message);
      this.#readOn();
    }
  }

  #refuseNow(id: number, code: ErrorCode, message: string): void {
    this.refuse(id, code, message);
    this.flush();
  }

  /** False: it was refused, or the session is closed now. */
  #isWithinLimit(): boolean {
    const now = this.monotonic();
    this.#limit ??= createMessageLimit(now);
    const verdict = this.#limit.take(now);
    if (verdict === 'read') return true;
    if (verdict === 'close') this.close('protocol');
    else this.#refuseNow(0, 'too_fast', 'Messages come faster than they may. This one was not read.');
    return false;
  }

  #readOn(): void {
    while (this.#isOpen && this.#inbox !== null && this.outbox.isTakingRequests()) {
      const message = this.#inbox.shift();
      if (message === undefined) return;
      this.#onMessage(this, message);
      this.flush();
    }
  }

  onTaking(): void {
    if (!this.#isOpen) return;
    const now = this.monotonic();
    for (const subscription of this.subscriptions.values()) subscription.catchUp(now);
    this.#readOn();
  }

  #hello(): void {
    const { kind, name } = this.visitor.principal;
    this.say({
      type: 'hello',
      protocol: PROTOCOL_VERSION,
      session: this.id,
      now: this.since,
      heartbeatMs: HEARTBEAT_MS,
      build: this.context.build,
      principal: { kind, name },
      subscriptionsMax: SUBSCRIPTIONS_MAX,
    });
    this.flush();
  }

  #over(): void {
    this.#isOpen = false;
    for (const subscription of [...this.subscriptions.values()]) this.end(subscription);
    this.topicWatch = null;
    this.#inbox = null;
    this.outbox.clear();
    this.visitor.lease?.release();
    this.#onClosed(this);
  }
}
