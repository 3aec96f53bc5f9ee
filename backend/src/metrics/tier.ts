// The buckets of one series at one width: last, min and max in typed arrays, by slot of time. Merging a sample is
// commutative, associative and idempotent, so late, repeated and replayed samples end the same. Allocated as used:
// a tier starts small and doubles while its window grows. 26 bytes a slot.

import { HistoryBudget } from './history-budget.ts';

/** `last` is NaN where the newest sample says "alive, no value"; min and max are NaN where there was no value. */
export interface Bucket {
  last: number;
  min: number;
  max: number;
}

export const BYTES_PER_SLOT = 26;
const SLOTS_AT_FIRST = 32;
/** In place of the offset of the newest sample within its slot: nothing here. Offsets are under 60,000 ms. */
const EMPTY = 0xffff;

/** A class for its size: there are three a series. Slots are numbered by time: floor(time / stepMs). */
export class Tier {
  readonly stepMs: number;
  #slotsMax: number;
  readonly #budget: HistoryBudget;
  #capacity = 0;
  /** Oldest slot that was ever reached, or the window's beginning where that is newer: what a growing window must hold. */
  #first = 0;
  /** Newest slot that the window has reached; -1: nothing yet. */
  #newest = -1;
  /** last, min and max, one after the other for each slot. */
  #values = new Float64Array(0);
  /** ms into the slot of the sample that `last` came from. */
  #offsets = new Uint16Array(0);

  constructor(stepMs: number, slotsMax: number, budget = new HistoryBudget()) {
    this.stepMs = stepMs;
    this.#slotsMax = slotsMax;
    this.#budget = budget;
  }

  get bytes(): number {
    return this.#capacity * BYTES_PER_SLOT;
  }

  get newestSlot(): number {
    return this.#newest;
  }

  /** Oldest slot that the window still holds. */
  get oldestSlot(): number {
    return this.#newest - this.#slotsMax + 1;
  }

  slotOf(time: number): number {
    return Math.floor(time / this.stepMs);
  }

  /** Merges one sample (NaN: alive, no value). False where it is older than the window: nothing to put it in. */
  merge(time: number, value: number): boolean {
    const slot = Math.floor(time / this.stepMs);
    if (!this.#reach(slot)) return false;
    this.#mergeAt(slot % this.#capacity, time - slot * this.stepMs, value, value, value);
    return true;
  }

  /** Empties a slot, to be merged anew. */
  clear(slot: number): void {
    if (this.#holds(slot)) this.#offsets[slot % this.#capacity] = EMPTY;
  }

  has(slot: number): boolean {
    return this.#holds(slot) && this.#offsets[slot % this.#capacity] !== EMPTY;
  }

  /** Reads one slot into `into`. False where nothing was sampled in it. */
  read(slot: number, into: Bucket): boolean {
    if (!this.has(slot)) return false;
    const at = (slot % this.#capacity) * 3;
    into.last = this.#values[at] as number;
    into.min = this.#values[at + 1] as number;
    into.max = this.#values[at + 2] as number;
    return true;
  }

  /** Reads `count` slots from `slot` on as one bucket. */
  fold(slot: number, count: number, into: Bucket): boolean {
    let isAny = false;
    let min = Number.NaN;
    let max = Number.NaN;
    for (let at = slot + count - 1; at >= slot; at--) {
      if (!this.has(at)) continue;
      const index = (at % this.#capacity) * 3;
      if (!isAny) into.last = this.#values[index] as number;
      isAny = true;
      min = least(min, this.#values[index + 1] as number);
      max = most(max, this.#values[index + 2] as number);
    }
    into.min = min;
    into.max = max;
    return isAny;
  }

  /** Takes over what finer slots say of one of ours: the slot as if their samples had been merged here. */
  refold(slot: number, finer: Tier): void {
    if (!this.#reach(slot)) return;
    const factor = this.stepMs / finer.stepMs;
    this.clear(slot);
    const index = slot % this.#capacity;
    for (let at = slot * factor; at < (slot + 1) * factor; at++) {
      if (!finer.has(at)) continue;
      const from = (at % finer.#capacity) * 3;
      const offset = at * finer.stepMs - slot * this.stepMs + (finer.#offsets[at % finer.#capacity] as number);
      const [last, min, max] = [finer.#values[from], finer.#values[from + 1], finer.#values[from + 2]] as [
        number,
        number,
        number,
      ];
      this.#mergeAt(index, offset, last, min, max);
    }
  }

  #mergeAt(index: number, offset: number, last: number, low: number, high: number): void {
    const at = index * 3;
    const values = this.#values;
    const held = this.#offsets[index] as number;
    if (held === EMPTY) {
      this.#offsets[index] = offset;
      values[at] = last;
      values[at + 1] = low;
      values[at + 2] = high;
      return;
    }
    if (offset > held || (offset === held && wins(last, values[at] as number))) {
      this.#offsets[index] = offset;
      values[at] = last;
    }
    values[at + 1] = least(values[at + 1] as number, low);
    values[at + 2] = most(values[at + 2] as number, high);
  }

  #holds(slot: number): boolean {
    return slot <= this.#newest && slot > this.#newest - this.#capacity;
  }

  /** Moves or grows the window so that it holds the slot; false where the slot is older than the window may be. */
  #reach(slot: number): boolean {
    const newest = this.#newest;
    if (slot <= newest) {
      if (slot > newest - this.#capacity) {
        if (slot < this.#first) this.#first = slot;
        return true;
      }
      if (slot <= newest - this.#slotsMax || !this.#grow(this.#fitting(newest - slot + 1))) return false;
      this.#first = slot;
      return true;
    }
    if (newest < 0) {
      this.#grow(Math.min(SLOTS_AT_FIRST, this.#slotsMax));
      this.#first = slot;
      this.#newest = slot;
      return true;
    }
    if (this.#capacity < this.#slotsMax) {
      this.#first = Math.max(this.#first, slot - this.#slotsMax + 1);
      const span = slot - this.#first + 1;
      if (span > this.#capacity) this.#grow(this.#fitting(span));
    }
    const capacity = this.#capacity;
    if (slot === newest + 1) this.#offsets[slot % capacity] = EMPTY;
    else {
      const steps = Math.min(slot - newest, capacity);
      for (let at = slot - steps + 1; at <= slot; at++) this.#offsets[at % capacity] = EMPTY;
    }
    this.#newest = slot;
    return true;
  }

  #fitting(span: number): number {
    let capacity = Math.max(this.#capacity, SLOTS_AT_FIRST);
    while (capacity < span) capacity *= 2;
    return Math.min(capacity, this.#slotsMax);
  }

  /** False where the memory for it is not to be had: the window stays as short as it is. */
  #grow(capacity: number): boolean {
    if (!this.#budget.take((capacity - this.#capacity) * BYTES_PER_SLOT, this.#capacity === 0)) {
      this.#slotsMax = this.#capacity;
      return false;
    }
    const values = new Float64Array(capacity * 3);
    const offsets = new Uint16Array(capacity).fill(EMPTY);
    for (let slot = this.#newest - this.#capacity + 1; slot <= this.#newest; slot++) {
      if (!this.has(slot)) continue;
      const from = slot % this.#capacity;
      const to = slot % capacity;
      offsets[to] = this.#offsets[from] as number;
      values.set(this.#values.subarray(from * 3, from * 3 + 3), to * 3);
    }
    this.#values = values;
    this.#offsets = offsets;
    this.#capacity = capacity;
    return true;
  }
}

/** Of two samples of one time: a value before none, then the larger, so that their order does not matter. */
function wins(candidate: number, held: number): boolean {
  if (Number.isNaN(candidate)) return false;
  if (Number.isNaN(held)) return true;
  return candidate > held || (candidate === held && Object.is(held, -0));
}

function least(a: number, b: number): number {
  if (Number.isNaN(a)) return b;
  return b < a || (b === a && Object.is(b, -0)) ? b : a;
}

function most(a: number, b: number): number {
  if (Number.isNaN(a)) return b;
  return b > a || (b === a && Object.is(a, -0)) ? b : a;
}
