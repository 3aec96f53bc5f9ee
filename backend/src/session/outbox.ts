// A session's bounded send queue. It measures what the client has taken instead of guessing from the socket: a
// protocol ping carrying the byte count goes out with the data, and its pong says that all before it was read.
//
//   careful  at the start and after held: one flush of ticks at a time, each with a ping, the next when that was
//            answered; four quick answers in a row open it
//   open     ticks go out as they come; a ping at least every 2 s and every 32 KB
//   held     more than the limit in flight, or a ping 2 s unanswered: no ticks until everything was taken
//
// A ping 30 s unanswered is the end: `check` says 'slow', and the session closes by name.
import type { Payload } from '@tidewatch/schemas/wire/codec';
import type { Flushable, FlushWheel } from './flush-wheel.ts';
import type { Transport } from './transport.ts';

export const PING_EVERY_MS = 2_000;
export const PING_EVERY_BYTES = 32 * 1024;
export const UNANSWERED_HOLD_MS = 2_000;
export const UNANSWERED_CLOSE_MS = 30_000;
/** An answer within this counts as quick, or within twice the best there was: far is not slow. */
export const QUICK_ANSWER_MS = 500;
export const QUICK_ANSWERS_TO_OPEN = 4;
/** What may wait in this process because the kernel takes nothing more. A client that forges pongs ends here. */
export const BACKLOG_MAX_BYTES = 16 * 1024 * 1024;
/** Flushes fall on a beat, so a ping is due a little before its time rather than a whole tick after. */
const PING_SLACK_MS = 60;
/** A ping goes alone only where no write takes it along: none came for longer than a tick at 1 Hz. */
const PING_ALONE_AFTER_MS = 1_200;

/** Larger than any answer, and still a small integer. */
const NEVER_MS = 1_000_000_000;

export type OutboxState = 'careful' | 'open' | 'held';
/** Ticks count against the limit. Snapshots and history may be large, and do not. */
export type PayloadSize = 'counted' | 'bulk';

/** The session's side. */
export interface OutboxHost {
  /** The client took what was sent, and what was refused before may be queued now. */
  onTaking(): void;
}

export interface OutboxOptions {
  readonly transport: Transport;
  readonly wheel: FlushWheel;
  readonly inFlightMaxBytes: number;
  readonly host: OutboxHost;
}

/** `now` is monotonic, in whole ms, here and everywhere below. */
export function createOutbox(options: OutboxOptions, now: number): Outbox {
  return new Outbox(options, now);
}

/** A class for its size and its speed: there is one a connection, and every frame goes through it. */
export class Outbox implements Flushable {
  /** What waits for the next flush. null: nothing, which costs no memory. */
  #queue: Payload[] | null = null;
  state: OutboxState = 'careful';
  isAwaitingFlush = false;
  readonly phase: number;
  /** Bytes of payloads given to the transport since the start. */
  sentBytes = 0;
  takenBytes = 0;
  sentPayloads = 0;
  lastWriteAt: number;
  #pingedBytes = 0;
  #lastPingAt: number;
  #bulkBytes = 0;
  /** Whose each of the queue is. */
  #owners: unknown[] | null = null;
  readonly #transport: Transport;
  readonly #wheel: FlushWheel;
  readonly #inFlightMaxBytes: number;
  readonly #host: OutboxHost;
  /** Unanswered pings, oldest first, as pairs: bytes sent before it, when it went. */
  readonly #pings: number[] = [];
  /** Bulk payloads not yet taken, as pairs: bytes sent up to its end, its size. null: none ever. */
  #bulk: number[] | null = null;
  #quickAnswers = 0;
  #bestAnswerMs = NEVER_MS;
  #wasRefused = false;

  constructor({ transport, wheel, inFlightMaxBytes, host }: OutboxOptions, now: number) {
    this.#transport = transport;
    this.#wheel = wheel;
    this.phase = wheel.phase();
    this.#inFlightMaxBytes = inFlightMaxBytes;
    this.#host = host;
    this.lastWriteAt = now;
    this.#lastPingAt = now;
  }

  get inFlightBytes(): number {
    return this.sentBytes - this.takenBytes;
  }

  /** Whether a tick may be queued now. False: skip it; `onTaking` says when to catch up. */
  isTaking(): boolean {
    if (this.state === 'open') return true;
    if (this.state === 'careful' && this.#pings.length === 0) return true;
    this.#wasRefused = true;
    return false;
  }

  /** Whether another request may be answered: not while as much as the limit of earlier answers is on its way. */
  isTakingRequests(): boolean {
    if (this.state !== 'held' && this.#bulkBytes <= this.#inFlightMaxBytes) return true;
    this.#wasRefused = true;
    return false;
  }

  /** Queues for the next flush. `owner` is what `drop` names. */
  push(payload: Payload, owner: unknown): void {
    if (this.#queue === null || this.#owners === null) {
      this.#queue = [payload];
      this.#owners = [owner];
    } else {
      this.#queue.push(payload);
      this.#owners.push(owner);
    }
  }

  /** A snapshot or a history answer: allowed beyond the limit until it is taken. */
  pushBulk(payload: Payload, owner: unknown): void {
    this.push(payload, owner);
    const bytes = payloadBytes(payload);
    let end = this.sentBytes;
    for (const queued of this.#queue ?? []) end += payloadBytes(queued);
    this.#bulk ??= [];
    this.#bulk.push(end, bytes);
    this.#bulkBytes += bytes;
  }

  /** Takes back what is queued of one owner. */
  drop(owner: unknown): void {
    const owners = this.#owners;
    if (this.#queue === null || owners === null) return;
    this.#queue = this.#queue.filter((_, at) => owners[at] !== owner);
    this.#owners = owners.filter((other) => other !== owner);
    if (this.#queue.length === 0) this.clear();
  }

  clear(): void {
    this.#queue = null;
    this.#owners = null;
  }

  /** Has what is queued written in the session's phase, or at once. */
  wake(isUrgent: boolean): void {
    if (isUrgent) this.#wheel.wakeUrgently(this);
    else if (!this.isAwaitingFlush) this.#wheel.wake(this);
  }

  /** Everything queued in one write, with a ping where one is due. */
  flush(now: number): void {
    const payloads = this.#queue;
    if (payloads === null) return;
    this.clear();
    this.sentPayloads += payloads.length;
    for (let at = 0; at < payloads.length; at++) this.sentBytes += payloadBytes(payloads[at] as Payload);
    if (this.#isPingDue(now)) this.#ping(now);
    this.#transport.write(payloads);
    this.lastWriteAt = now;
    if (this.state === 'open' && this.#isOverfull()) this.#hold(now);
  }

  /** The client answered a ping: it has taken all before it. A pong nobody asked for is ignored. */
  answered(mark: string, now: number): void {
    const bytes = Number(mark);
    let at = 0;
    while (at < this.#pings.length && this.#pings[at] !== bytes) at += 2;
    const sentAt = this.#pings[at + 1];
    if (sentAt === undefined) return;
    this.#pings.splice(0, at + 2);
    this.takenBytes = bytes;
    while (this.#bulk !== null && (this.#bulk[0] ?? Number.POSITIVE_INFINITY) <= bytes)
      this.#bulkBytes -= this.#bulk.splice(0, 2)[1] ?? 0;
    this.#afterAnswer(now - sentAt);
    if (!this.#wasRefused || this.state === 'held') return;
    this.#wasRefused = false;
    this.#host.onTaking();
  }

  /** Called now and then: asks after what is in flight, holds what is overdue. 'slow': close by name. */
  check(now: number): 'fine' | 'slow' {
    const oldest = this.#pings[1];
    if (oldest !== undefined && now - oldest >= UNANSWERED_CLOSE_MS) return 'slow';
    if (this.#transport.backlogBytes > BACKLOG_MAX_BYTES) return 'slow';
    if (this.#isPingDue(now) && now - this.lastWriteAt >= PING_ALONE_AFTER_MS) this.#pingAlone(now);
    if (this.state === 'open' && oldest !== undefined && now - oldest >= UNANSWERED_HOLD_MS) this.#hold(now);
    return 'fine';
  }

  #afterAnswer(tookMs: number): void {
    switch (this.state) {
      case 'open':
        return;
      case 'held':
        if (this.#pings.length > 0 || this.sentBytes > this.takenBytes) return;
        this.state = 'careful';
        this.#quickAnswers = 0;
        return;
      case 'careful':
        this.#bestAnswerMs = Math.min(this.#bestAnswerMs, tookMs);
        this.#quickAnswers = tookMs <= Math.max(QUICK_ANSWER_MS, 2 * this.#bestAnswerMs) ? this.#quickAnswers + 1 : 0;
        if (this.#quickAnswers >= QUICK_ANSWERS_TO_OPEN) this.state = 'open';
    }
  }

  #hold(now: number): void {
    this.state = 'held';
    if (this.sentBytes > this.#pingedBytes) this.#pingAlone(now);
  }

  #isOverfull(): boolean {
    return this.sentBytes - this.takenBytes - this.#bulkBytes > this.#inFlightMaxBytes;
  }

  #isPingDue(now: number): boolean {
    if (this.sentBytes === this.#pingedBytes) return false;
    return (
      now - this.#lastPingAt >= PING_EVERY_MS - PING_SLACK_MS ||
      this.sentBytes - this.#pingedBytes >= PING_EVERY_BYTES ||
      this.state !== 'open'
    );
  }

  #ping(now: number): void {
    this.#lastPingAt = now;
    this.#pingedBytes = this.sentBytes;
    this.#pings.push(this.sentBytes, now);
    this.#transport.ping(String(this.sentBytes));
  }

  #pingAlone(now: number): void {
    this.#ping(now);
    this.#transport.write([]);
  }
}

function payloadBytes(payload: Payload): number {
  return typeof payload === 'string' ? Buffer.byteLength(payload) : payload.byteLength;
}
