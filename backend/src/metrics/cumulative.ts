// A counter as it is emitted, and its rate a second. Keeps the newest points in the order of their time, so that a
// late point is put in its place and is never taken for a reset: only a value that falls as time goes on is one.

/** Points kept a counter. A point older than these is too late to know its neighbours. */
export const POINTS_KEPT = 96;

export interface RateAt {
  /** Sample time, epoch ms. */
  readonly time: number;
  /** A second; NaN for the first point, which has nothing before it. */
  readonly rate: number;
}

export class Cumulative {
  readonly #times: number[] = [];
  readonly #values: number[] = [];
  #isFirstKept = true;

  /**
   * Puts a point in its place. Returns the rates that follow from it: its own and that of the point after it. Empty
   * where the point changes nothing (a repeat) or is older than what is kept.
   */
  add(time: number, value: number): readonly RateAt[] {
    const times = this.#times;
    let at = times.length;
    while (at > 0 && (times[at - 1] as number) > time) at -= 1;
    if (at > 0 && times[at - 1] === time) {
      // Two values of one time: the larger, whichever came first.
      if (value <= (this.#values[at - 1] as number)) return [];
      this.#values[at - 1] = value;
      at -= 1;
    } else {
      if (at === 0 && !this.#isFirstKept) return [];
      times.splice(at, 0, time);
      this.#values.splice(at, 0, value);
    }
    const changed = at + 1 < times.length ? [this.#rateAt(at), this.#rateAt(at + 1)] : [this.#rateAt(at)];
    if (times.length > POINTS_KEPT) {
      times.shift();
      this.#values.shift();
      this.#isFirstKept = false;
    }
    return changed;
  }

  /** Rates of the points in [from, to), oldest first. */
  ratesIn(from: number, to: number): RateAt[] {
    const rates: RateAt[] = [];
    for (let at = this.#times.length - 1; at >= 0; at--) {
      const time = this.#times[at] as number;
      if (time < from) break;
      if (time < to) rates.push(this.#rateAt(at));
    }
    return rates.reverse();
  }

  /** Whether every point since `time` is still kept, so that a bucket can be made anew from them. */
  isWholeSince(time: number): boolean {
    return this.#isFirstKept || (this.#times[0] ?? Number.POSITIVE_INFINITY) < time;
  }

  #rateAt(at: number): RateAt {
    const time = this.#times[at] as number;
    if (at === 0) return { time, rate: Number.NaN };
    const value = this.#values[at] as number;
    const before = this.#values[at - 1] as number;
    const seconds = (time - (this.#times[at - 1] as number)) / 1_000;
    // After a reset the counter has counted `value` since it began again.
    return { time, rate: (value < before ? value : value - before) / seconds };
  }
}
