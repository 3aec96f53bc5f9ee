// A counter as it is emitted, and its rate a second. Keeps the newest points in the order of their time, so that a
// late point is put in its place and is never taken for a reset: only a value that falls as time goes on is one.
// NaN is a point without a value (a heartbeat): it stands in the order, and rates reach across it.

/** Points kept a counter. A point older than these is too late to know its neighbours. */
export const POINTS_KEPT = 96;

/**
 * What a point did. `repeated`: nothing, or it is too old to place. `appended`: it is the newest, nothing else moved.
 * `inserted`: it changed what was there, its own time or the rate of the point after it.
 */
export type Placed = 'repeated' | 'appended' | 'inserted';

export class Cumulative {
  readonly #times: number[] = [];
  readonly #values: number[] = [];
  #isFirstKept = true;
  /** Where the newest call put its point. */
  #placedAt = 0;

  add(time: number, value: number): Placed {
    const times = this.#times;
    const values = this.#values;
    let at = times.length;
    while (at > 0 && (times[at - 1] as number) > time) at -= 1;
    if (at > 0 && times[at - 1] === time) {
      // Two values of one time: a value before none, then the larger, whichever came first.
      const held = values[at - 1] as number;
      if (Number.isNaN(value) || value <= held) return 'repeated';
      values[at - 1] = value;
      this.#placedAt = at - 1;
      return 'inserted';
    }
    if (at === 0 && !this.#isFirstKept) return 'repeated';
    this.#placedAt = at;
    if (at === times.length) {
      times.push(time);
      values.push(value);
    } else {
      times.splice(at, 0, time);
      values.splice(at, 0, value);
    }
    if (times.length > POINTS_KEPT) {
      times.shift();
      values.shift();
      this.#isFirstKept = false;
      this.#placedAt = Math.max(0, at - 1);
    }
    return at === times.length || this.#placedAt === times.length - 1 ? 'appended' : 'inserted';
  }

  /** Rate a second of the point that was put last; NaN where nothing lies before it, or it has no value. */
  get rate(): number {
    return this.#rateAt(this.#placedAt);
  }

  /** Time of the next point with a value after the one that was put last: its rate moved too. NaN: none. */
  get nextTime(): number {
    for (let at = this.#placedAt + 1; at < this.#times.length; at++)
      if (!Number.isNaN(this.#values[at] as number)) return this.#times[at] as number;
    return Number.NaN;
  }

  /** Calls with time and rate of every point in [from, to), newest first. */
  eachRate(from: number, to: number, call: (time: number, rate: number) => void): void {
    for (let at = this.#times.length - 1; at >= 0; at--) {
      const time = this.#times[at] as number;
      if (time < from) break;
      if (time < to) call(time, this.#rateAt(at));
    }
  }

  /** Whether the rates of all points since `time` are known, so that a bucket can be made anew from them. */
  isWholeSince(time: number): boolean {
    if (this.#isFirstKept) return true;
    for (let at = 0; at < this.#times.length && (this.#times[at] as number) < time; at++)
      if (!Number.isNaN(this.#values[at] as number)) return true;
    return false;
  }

  #rateAt(at: number): number {
    const value = this.#values[at] as number;
    let earlier = at - 1;
    while (earlier >= 0 && Number.isNaN(this.#values[earlier] as number)) earlier -= 1;
    if (earlier < 0) return Number.NaN;
    const before = this.#values[earlier] as number;
    const seconds = ((this.#times[at] as number) - (this.#times[earlier] as number)) / 1_000;
    // After a reset the counter has counted `value` since it began again.
    return (value < before ? value : value - before) / seconds;
  }
}
