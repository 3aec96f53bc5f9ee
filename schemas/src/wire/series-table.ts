// What both ends of a stream know of each series: how its numbers are written, and the newest one. In the order of ids,
// so that "which series" is a position and "all of them" is one bit.
import type { NumberFit } from './number-fit.ts';
import type { NumberParam } from './number-param.ts';

export interface SeriesEntry {
  readonly id: number;
  param: NumberParam;
  /** `last` of the newest bucket that was sent; NaN: none, or one without a value. */
  value: number;
  /** Start of that bucket, epoch ms; 0: none. */
  time: number;
  /** Encoders only: the number of the tick that last changed this entry, what chooses its parameter, and its choice. */
  changedAt: number;
  fit: NumberFit | undefined;
  wanted: NumberParam;
}

export function seriesEntry(id: number, param: NumberParam, value = Number.NaN, time = 0): SeriesEntry {
  return { id, param, value, time, changedAt: 0, fit: undefined, wanted: param };
}

export class SeriesTable {
  #entries: SeriesEntry[] = [];

  get entries(): readonly SeriesEntry[] {
    return this.#entries;
  }

  get(position: number): SeriesEntry | undefined {
    return this.#entries[position];
  }

  find(id: number): SeriesEntry | undefined {
    const entry = this.#entries[this.#positionOf(id)];
    return entry?.id === id ? entry : undefined;
  }

  /** Puts entries in, in place of those with the same id. */
  put(added: readonly SeriesEntry[]): void {
    let hasNew = false;
    for (const entry of added) {
      const position = this.#positionOf(entry.id);
      if (this.#entries[position]?.id === entry.id) this.#entries[position] = entry;
      else hasNew = true;
    }
    if (!hasNew) return;
    const byId = new Map(this.#entries.map((entry) => [entry.id, entry]));
    for (const entry of added) byId.set(entry.id, entry);
    this.#entries = [...byId.values()].sort((a, b) => a.id - b.id);
  }

  remove(ids: readonly number[]): void {
    if (ids.length === 0) return;
    const gone = new Set(ids);
    this.#entries = this.#entries.filter((entry) => !gone.has(entry.id));
  }

  clear(): void {
    this.#entries = [];
  }

  /** A table of its own with the same values, which learns nothing. */
  copy(): SeriesTable {
    const copy = new SeriesTable();
    copy.#entries = this.#entries.map((entry) => ({ ...entry, fit: undefined, wanted: entry.param }));
    return copy;
  }

  /** Where the id is, or would be. */
  #positionOf(id: number): number {
    let low = 0;
    let high = this.#entries.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#entries[middle] as SeriesEntry).id < id) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** What the next frame of a stream is written against. The same on both ends after every frame. */
export interface StreamState {
  readonly table: SeriesTable;
  /** Number that the newest frame ended at; -1: none yet. */
  seq: number;
  /** Server time of that frame, and by how much it was later than the one before, ms. */
  at: number;
  atStep: number;
  stepMs: number;
}

export function streamState(): StreamState {
  // Until a snapshot says the width: every width is a multiple of this one.
  return { table: new SeriesTable(), seq: -1, at: 0, atStep: 0, stepMs: 1_000 };
}
