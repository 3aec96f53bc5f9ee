// Spreads the sessions' writes over the 50 ms beat. Streams are encoded on the beat; each session writes in its own
// phase of it, so that no beat makes everybody wait. What must go at once (the first change after quiet) goes at
// once, for so many sessions a turn; the rest take their phase.
import type { Clock, Timer } from '../clock.ts';

export const BEAT_MS = 50;
export const SLOTS = 10;
export const SLOT_MS = BEAT_MS / SLOTS;
/** Sessions that share a slot before the next one is opened: fewer would cost more in waking up than waiting saves. */
export const SLOT_SESSIONS = 500;
/** Sessions written to at once in one turn; about 2 ms of work. */
export const URGENT_MAX = 200;

/** What is flushed: a session's outbox. */
export interface Flushable {
  /** Its slot of the beat. */
  readonly phase: number;
  /** Set while it stands in the wheel's list. */
  isAwaitingFlush: boolean;
  flush(now: number): void;
}

export interface FlushWheel {
  /** The phase of a new session. */
  phase(): number;
  /** Writes in the session's phase. */
  wake(outbox: Flushable): void;
  /** Writes now, or in the phase where too many others do. */
  wakeUrgently(outbox: Flushable): void;
  stats(): { readonly flushes: number; readonly latenessMaxMs: number };
  stop(): void;
}

export function createFlushWheel(clock: Clock): FlushWheel {
  const slots: Flushable[][] = Array.from({ length: SLOTS }, () => []);
  let joined = 0;
  let turn: Timer | null = null;
  let beganAt = 0;
  let cursor = 0;
  let waiting = 0;
  let flushes = 0;
  let latenessMaxMs = 0;
  let urgentLeft = URGENT_MAX;
  let urgentAt = Number.NEGATIVE_INFINITY;

  /** One slot. Those behind time are caught up one a timer turn, so that reads are served between them. */
  function next(): void {
    turn = null;
    const now = clock.monotonic();
    latenessMaxMs = Math.max(latenessMaxMs, now - (beganAt + cursor * SLOT_MS));
    const wholeMs = Math.floor(now);
    const due = slots[cursor] as Flushable[];
    slots[cursor] = [];
    waiting -= due.length;
    flushes += due.length;
    for (const outbox of due) {
      outbox.isAwaitingFlush = false;
      outbox.flush(wholeMs);
    }
    cursor += 1;
    if (cursor === SLOTS) {
      cursor = 0;
      beganAt = Math.max(beganAt + BEAT_MS, now - BEAT_MS);
    }
    if (waiting > 0) schedule(now);
  }

  function schedule(now: number): void {
    while ((slots[cursor] as Flushable[]).length === 0) {
      cursor += 1;
      if (cursor === SLOTS) {
        cursor = 0;
        beganAt += BEAT_MS;
      }
    }
    turn = clock.after(Math.max(0, beganAt + cursor * SLOT_MS - now), next);
  }

  function wake(outbox: Flushable): void {
    if (outbox.isAwaitingFlush) return;
    outbox.isAwaitingFlush = true;
    (slots[outbox.phase] as Flushable[]).push(outbox);
    waiting += 1;
    if (turn === null) {
      // The wheel stood still: this is a beat, and its slots count from here.
      const now = clock.monotonic();
      beganAt = now;
      cursor = 0;
      schedule(now);
    }
  }

  return {
    phase: () => Math.floor(joined++ / SLOT_SESSIONS) % SLOTS,
    wake,
    wakeUrgently(outbox) {
      const now = clock.monotonic();
      if (now - urgentAt >= SLOT_MS) {
        urgentAt = now;
        urgentLeft = URGENT_MAX;
      }
      if (urgentLeft <= 0) return wake(outbox);
      urgentLeft -= 1;
      flushes += 1;
      outbox.flush(Math.floor(now));
    },
    stats: () => ({ flushes, latenessMaxMs }),
    stop() {
      turn?.stop();
      turn = null;
      for (const slot of slots) slot.length = 0;
      waiting = 0;
    },
  };
}
