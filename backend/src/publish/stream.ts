// One encoding of a topic's deltas for one rate, selection and subprotocol, shared by all who listen. A tick is
// encoded once. Who is not in step (slow, resumed, just joined) gets one merged delta, made once for all who stand at
// the same number; it covers at least what the tick covers, so that every decoder is left in the same state.
import type { Delta } from '@tidewatch/schemas/delta';
import type { Payload, StreamEncoder } from '@tidewatch/schemas/wire/codec';
import { isEmptyDelta, readChecksum, readDelta, readSnapshot, type View } from './read-topic.ts';
import type { StepLog } from './step-log.ts';

/** Streams prove their state about this often. */
export const CHECKSUM_EVERY_MS = 30_000;
/** On a beat a tick is due this much early rather than a whole beat late, ms. Off it never: a rate is a promise. */
const EARLY_MS = 25;

export interface PayloadAt {
  readonly payload: Payload;
  /** What its receiver has then. */
  readonly seq: number;
}

export interface Tick {
  readonly from: number;
  readonly to: number;
  /** For those who have everything up to `from`, from this stream. */
  readonly payload: Payload;
  /** First change after quiet: worth a write of its own. */
  readonly isLeading: boolean;
  /** For all others. Only while the tick is being told. */
  since(seq: number): PayloadAt;
}

export interface Listener {
  onTick(tick: Tick): void;
}

export interface StreamOptions {
  readonly view: View;
  readonly periodMs: number;
  readonly encoderFor: () => StreamEncoder;
  readonly epoch: string;
  readonly log: StepLog;
  readonly onEncoded: (kind: 'delta' | 'merged' | 'snapshot') => void;
}

export class Stream {
  readonly listeners = new Set<Listener>();
  readonly #options: StreamOptions;
  /** The number that listeners in step have. */
  #from: number;
  /** Nothing for this selection lies between `#from` and here. */
  #looked: number;
  #tickedAt = Number.NEGATIVE_INFINITY;
  #provenAt: number;
  #encoder: StreamEncoder;
  #hasBegun = false;
  /** The time that the encoder counts the next one from. */
  #encodedAt = 0;

  constructor(options: StreamOptions, now: number) {
    this.#options = options;
    this.#from = options.log.head;
    this.#looked = this.#from;
    this.#provenAt = now;
    this.#encoder = options.encoderFor();
  }

  isDue(now: number, isOnBeat: boolean): boolean {
    return now - this.#tickedAt >= this.#options.periodMs - (isOnBeat ? EARLY_MS : 0);
  }

  /** Tells listeners what changed; false where nothing did. `isLeading`: at once, before the beat. */
  tick(now: number, isLeading: boolean): boolean {
    const { log, view, onEncoded } = this.#options;
    const to = log.head;
    if (to === this.#looked) return false;
    const from = this.#from;
    const marks = log.reaches(this.#looked) ? log.since(this.#looked) : null;
    const delta = marks === null ? null : readDelta(view, marks, { from, to, at: now });
    this.#looked = to;
    if (delta !== null && isEmptyDelta(delta)) return false;
    this.#from = to;
    this.#tickedAt = now;
    const told = this.#tellSince(from, to, now);
    let payload: Payload;
    if (delta === null) {
      // More happened in one period than the log holds: everybody starts over, the encoder too.
      this.#encoder = this.#options.encoderFor();
      this.#hasBegun = false;
      payload = told.since(to).payload;
    } else {
      payload = this.#encoder.delta(this.#proven(delta, now));
      this.#encodedAt = now;
      onEncoded('delta');
    }
    for (const listener of [...this.listeners]) listener.onTick({ from, to, payload, isLeading, since: told.since });
    told.end();
    return true;
  }

  /** All of it, at the newest number. */
  snapshot(now: number): PayloadAt {
    const { view, epoch, log, onEncoded } = this.#options;
    onEncoded('snapshot');
    if (!this.#hasBegun) this.#encodedAt = now;
    this.#hasBegun = true;
    return { payload: this.#encoder.snapshot(readSnapshot(view, epoch, log.head, now)), seq: log.head };
  }

  /** What a client that comes back has missed; null where the log does not reach so far. */
  resumed(seq: number, now: number): PayloadAt | null {
    const { view, log, onEncoded } = this.#options;
    if (!log.reaches(seq)) return null;
    // An encoder begins with a snapshot: it is where it learns the width of buckets, also if nobody reads it.
    if (!this.#hasBegun) this.snapshot(now);
    onEncoded('merged');
    // Who is in step after this goes on from the encoder's own time.
    const at = log.head === this.#from ? this.#encodedAt : now;
    const delta = readDelta(view, log.since(seq), { from: seq, to: log.head, at });
    return { payload: this.#encoder.merged(delta, true), seq: log.head };
  }

  #proven(delta: Delta, now: number): Delta {
    if (now - this.#provenAt < CHECKSUM_EVERY_MS) return delta;
    this.#provenAt = now;
    return { ...delta, checksum: readChecksum(this.#options.view) };
  }

  #tellSince(from: number, to: number, now: number): { since(seq: number): PayloadAt; end(): void } {
    const { view, log, onEncoded } = this.#options;
    const made = new Map<number, PayloadAt>();
    let isOver = false;
    let whole: PayloadAt | undefined;
    const since = (seq: number): PayloadAt => {
      if (isOver) return this.snapshot(now);
      const start = Math.min(seq, from);
      let answer = made.get(start);
      if (answer !== undefined) return answer;
      if (log.reaches(start)) {
        onEncoded('merged');
        const delta = readDelta(view, log.since(start), { from: start, to, at: now });
        answer = { payload: this.#encoder.merged(delta, false), seq: to };
      } else {
        whole ??= this.snapshot(now);
        answer = whole;
      }
      made.set(start, answer);
      return answer;
    };
    return {
      since,
      end() {
        isOver = true;
      },
    };
  }
}
