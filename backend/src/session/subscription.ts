// One session x one topic. It knows how far its client was sent and queues what brings it to the newest number: the
// shared tick where the client is in step, one merged delta or a snapshot where it is not. While the outbox refuses,
// ticks are skipped, not queued: what is not sent cannot grow old on the way.
import type { SubprotocolName } from '@tidewatch/schemas/message-server';
import { type Rate, stepMsOfRate } from '@tidewatch/schemas/rate';
import type { Selection } from '@tidewatch/schemas/scope';
import type { Outbox } from './outbox.ts';
import type { Listener, Membership, Resume, StreamSource, Tick } from './stream-source.ts';

/** A tick that was skipped is made up with a snapshot where the topic went quiet for this many periods after it. */
const QUIET_PERIODS = 1.5;

/** The session's side. */
export interface SubscriptionHost {
  readonly outbox: Outbox;
  readonly subprotocol: SubprotocolName;
  readonly streams: StreamSource;
  monotonic(): number;
  /** Something was queued: write it in the session's phase, or at once. */
  wake(isUrgent: boolean): void;
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
  /** Numbers that were merged instead of sent one by one. */
  mergedTicks = 0;
  readonly #host: SubscriptionHost;
  #membership: Membership | null = null;
  #seq = -1;
  /** When a tick was last skipped; -1: everything there is has been queued. */
  #skippedAt = -1;

  constructor(host: SubscriptionHost, wanted: Wanted) {
    this.#host = host;
    this.wanted = wanted;
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
    this.#host.outbox.pushBulk(membership.first, this.wanted.topic);
  }

  onTick(tick: Tick): void {
    if (tick.to < this.#seq) return;
    const { outbox } = this.#host;
    const now = this.#host.monotonic();
    if (!outbox.isTaking(now)) {
      this.mergedTicks += 1;
      this.#skippedAt = now;
      return;
    }
    if (tick.from === this.#seq) {
      this.#seq = tick.to;
      outbox.push(tick.payload, this.wanted.topic);
    } else {
      const { payload, seq } = tick.since(this.#seq);
      this.#seq = seq;
      outbox.push(payload, this.wanted.topic);
    }
    this.#skippedAt = -1;
    this.#host.wake(tick.isLeading === true);
  }

  /**
   * The outbox takes again. Where the stream goes on ticking, its next tick makes up for what was skipped; where it
   * fell quiet, nothing would, so a snapshot does. Also called now and then.
   */
  catchUp(now: number): void {
    if (this.#skippedAt < 0 || this.#membership === null) return;
    if (now - this.#skippedAt < (QUIET_PERIODS * 1_000) / this.wanted.rate) return;
    if (!this.#host.outbox.isTaking(now)) return;
    this.sendSnapshot();
    this.#host.wake(false);
  }

  /** Everything anew: after a gap, or on catching up. */
  sendSnapshot(): void {
    if (this.#membership === null) return;
    const { payload, seq } = this.#membership.snapshot();
    this.#seq = seq;
    this.#skippedAt = -1;
    this.#host.outbox.pushBulk(payload, this.wanted.topic);
  }

  get stepMs(): number {
    return stepMsOfRate(this.wanted.rate);
  }

  /** Ends it. What is queued of the topic is dropped: after this nothing more of it is written. */
  stop(): void {
    this.#membership?.leave();
    this.#membership = null;
    this.#host.outbox.drop(this.wanted.topic);
  }
}
