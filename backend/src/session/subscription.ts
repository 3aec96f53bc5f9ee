// One session x one topic. It knows how far its client was sent and queues what brings it to the newest number: the
// shared tick where the client is in step, one merged delta or a snapshot where it is not. While the outbox refuses,
// ticks are skipped, not queued: what is not sent cannot grow old on the way.
import type { SubprotocolName } from '@tidewatch/schemas/message-server';
import type { Rate } from '@tidewatch/schemas/rate';
import type { Selection } from '@tidewatch/schemas/scope';
import type { JoinRequest, Membership, Publisher } from '../publish/publisher.ts';
import type { Listener, Tick } from '../publish/stream.ts';
import type { Outbox } from './outbox.ts';

export type StreamSource = Pick<Publisher, 'join'>;
export type Resume = NonNullable<JoinRequest['resume']>;

/** What was skipped is made up by the stream's next tick, or without it where that does not come within this. */
const CATCH_UP_PERIODS = 1.5;
const CATCH_UP_MAX_MS = 500;

/** The session's side. */
export interface SubscriptionHost {
  readonly outbox: Outbox;
  readonly subprotocol: SubprotocolName;
  readonly streams: StreamSource;
  monotonic(): number;
}

export interface Wanted {
  readonly topic: string;
  readonly rate: Rate;
  readonly selection: Selection;
}

export function createSubscription(host: SubscriptionHost, wanted: Wanted): Subscription {
  return new Subscription(host, wanted);
}

/** A class for its size: there are several a connection. Its payloads stand in the outbox under the topic's name. */
export class Subscription implements Listener {
  wanted: Wanted;
  /** What its payloads stand under in the outbox. */
  readonly #topic: string;
  /** Numbers that were merged instead of sent one by one. */
  mergedTicks = 0;
  readonly #outbox: Outbox;
  readonly #host: SubscriptionHost;
  #membership: Membership | null = null;
  #seq = -1;
  /** When a tick was last skipped; -1: everything there is has been queued. */
  #skippedAt = -1;

  constructor(host: SubscriptionHost, wanted: Wanted) {
    this.#host = host;
    this.#outbox = host.outbox;
    this.wanted = wanted;
    this.#topic = wanted.topic;
  }

  get seq(): number {
    return this.#seq;
  }

  get epoch(): string | undefined {
    return this.#membership?.epoch;
  }

  /**
   * Joins the stream, or another one after `wanted` changed. Queues nothing yet: the answer to the client goes out
   * first, then `sendFirst`.
   */
  join(resume: Resume | undefined): Membership {
    const { topic, rate, selection } = this.wanted;
    const { streams, subprotocol } = this.#host;
    const request = { topic, rate, selection, subprotocol, listener: this };
    this.#membership?.leave();
    const membership = streams.join(resume === undefined ? request : { ...request, resume });
    this.#membership = membership;
    this.#seq = membership.seq;
    this.#skippedAt = -1;
    return membership;
  }

  /** What the join brought: the snapshot, or what was missed since the resume point. */
  sendFirst(membership: Membership): void {
    const outbox = this.#outbox;
    if (membership.how === 'snapshot') outbox.pushBulk(membership.first, this.#topic);
    else outbox.push(membership.first, this.#topic);
  }

  onTick(tick: Tick): void {
    if (tick.to < this.#seq) return;
    const outbox = this.#outbox;
    if (!outbox.isTaking()) {
      this.mergedTicks += 1;
      this.#skippedAt = this.#host.monotonic();
      return;
    }
    if (tick.from === this.#seq) {
      this.#seq = tick.to;
      outbox.push(tick.payload, this.#topic);
    } else {
      const { payload, seq } = tick.since(this.#seq);
      this.#seq = seq;
      outbox.push(payload, this.#topic);
    }
    this.#skippedAt = -1;
    outbox.wake(tick.isLeading);
  }

  /**
   * The outbox takes again; also called now and then. Where the stream goes on ticking, its next tick makes up for what
   * was skipped. Where it fell quiet or is slow nothing would, so the client resumes, as after a break of the line.
   */
  catchUp(now: number): void {
    if (this.#skippedAt < 0 || this.#membership === null) return;
    if (now - this.#skippedAt < Math.min(CATCH_UP_MAX_MS, (CATCH_UP_PERIODS * 1_000) / this.wanted.rate)) return;
    if (!this.#outbox.isTaking()) return;
    this.sendFirst(this.join({ epoch: this.#membership.epoch, seq: this.#seq }));
    this.#outbox.wake(false);
  }

  /** Everything anew, after a gap. */
  sendSnapshot(): void {
    if (this.#membership === null) return;
    const { payload, seq } = this.#membership.snapshot();
    this.#seq = seq;
    this.#skippedAt = -1;
    this.#outbox.pushBulk(payload, this.#topic);
  }

  /** Ends it. What is queued of the topic is dropped: after this nothing more of it is written. */
  stop(): void {
    this.#membership?.leave();
    this.#membership = null;
    this.#outbox.drop(this.#topic);
  }
}
