// Buckets of one series at one width, in slots indexed by time, outside of Svelte's reactivity. Promises that a bucket
// is one write wherever it falls, that a newer state of a bucket replaces the older one, that late buckets take their
// place, and that nothing older than the span is ever read back. Refuses buckets older than the span.
import type { Columns } from './columns.ts';

export interface Ring {
  readonly stepMs: number;
  readonly slots: number;
  /** Start of the newest bucket, epoch ms; 0 while empty. */
  newest(): number;
  /** Replaces a bucket. False: it is older than what the ring still holds. */
  set(time: number, last: number, min: number, max: number): boolean;
  /** Folds a finer bucket into the one it falls in: extremes widen, `last` follows the newest fine bucket. */
  fold(time: number, last: number, min: number, max: number): boolean;
  /** Copies the buckets that start in [from, to] into `into`, oldest first. */
  read(from: number, to: number, into: Columns): Columns;
  clear(): void;
}

/** Slots are allocated in steps, so that a series that has just begun costs little. */
const FIRST_SLOTS = 64;

export function createRing(stepMs: number, slots: number): Ring {
  let capacity = Math.min(FIRST_SLOTS, slots);
  let time = new Float64Array(capacity).fill(-1);
  let last = new Float64Array(capacity);
  let min = new Float64Array(capacity);
  let max = new Float64Array(capacity);
  let newest = 0;
  let oldest = Number.POSITIVE_INFINITY;
  let newestFine = 0;

  const slotOf = (start: number) => (start / stepMs) % capacity;

  function makeRoom(start: number): void {
    const needed = (Math.max(newest, start) - Math.min(oldest, start)) / stepMs + 1;
    if (needed <= capacity || capacity === slots) return;
    const before = { time, last, min, max };
    while (capacity < needed && capacity < slots) capacity = Math.min(capacity * 2, slots);
    time = new Float64Array(capacity).fill(-1);
    last = new Float64Array(capacity);
    min = new Float64Array(capacity);
    max = new Float64Array(capacity);
    for (let at = 0; at < before.time.length; at++) {
      const start = before.time[at] as number;
      if (start < 0) continue;
      put(start, before.last[at] as number, before.min[at] as number, before.max[at] as number);
    }
  }

  function put(start: number, lastValue: number, minValue: number, maxValue: number): void {
    const slot = slotOf(start);
    time[slot] = start;
    last[slot] = lastValue;
    min[slot] = minValue;
    max[slot] = maxValue;
  }

  function place(start: number): boolean {
    if (newest > 0 && start <= newest - slots * stepMs) return false;
    makeRoom(start);
    if (start > newest) newest = start;
    oldest = Math.max(Math.min(oldest, start), newest - (slots - 1) * stepMs);
    return true;
  }

  function set(at: number, lastValue: number, minValue: number, maxValue: number): boolean {
    const start = Math.floor(at / stepMs) * stepMs;
    if (!place(start)) return false;
    put(start, lastValue, minValue, maxValue);
    return true;
  }

  function fold(at: number, lastValue: number, minValue: number, maxValue: number): boolean {
    const start = Math.floor(at / stepMs) * stepMs;
    if (!place(start)) return false;
    const slot = slotOf(start);
    if (time[slot] !== start) put(start, lastValue, minValue, maxValue);
    else {
      if (at >= newestFine) last[slot] = lastValue;
      min[slot] = lower(min[slot] as number, minValue);
      max[slot] = higher(max[slot] as number, maxValue);
    }
    if (at > newestFine) newestFine = at;
    return true;
  }

  function read(from: number, to: number, into: Columns): Columns {
    into.length = 0;
    if (newest === 0) return into;
    const end = Math.min(to, newest);
    for (let start = Math.max(Math.ceil(from / stepMs) * stepMs, oldest); start <= end; start += stepMs) {
      const slot = slotOf(start);
      if (time[slot] !== start || into.length >= into.time.length) continue;
      into.time[into.length] = start;
      into.last[into.length] = last[slot] as number;
      into.min[into.length] = min[slot] as number;
      into.max[into.length] = max[slot] as number;
      into.length++;
    }
    return into;
  }

  function clear(): void {
    time.fill(-1);
    last.fill(0);
    min.fill(0);
    max.fill(0);
    newest = 0;
    newestFine = 0;
    oldest = Number.POSITIVE_INFINITY;
  }

  return { stepMs, slots, newest: () => newest, set, fold, read, clear };
}

function lower(a: number, b: number): number {
  return Number.isNaN(a) ? b : Number.isNaN(b) ? a : Math.min(a, b);
}

function higher(a: number, b: number): number {
  return Number.isNaN(a) ? b : Number.isNaN(b) ? a : Math.max(a, b);
}
