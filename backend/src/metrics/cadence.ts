// How often a series speaks, learned from what arrives: the larger of the spacing of sample times and the spacing of
// arrivals, each the largest of its last eight. A sender that delivers ten samples in a burst every ten seconds has a
// cadence of ten seconds. One silence beyond staleness is an outage, not a cadence, unless the next is as long.
import { staleAfterMs } from '@tidewatch/schemas/freshness';

const SPACINGS_KEPT = 8;
/** Arrivals closer than this are one: a burst. */
const BURST_MS = 250;
/** The known cadence is changed only where the learned one differs by more than this share. */
const HYSTERESIS = 0.25;

/** A class for its size: there is one a series. */
export class Cadence {
  readonly #spacings = new Float64Array(SPACINGS_KEPT * 2);
  #sampleCount = 0;
  #arrivalCount = 0;
  #newestSample = 0;
  #newestArrival = 0;
  #isOutageSeen = false;
  /** ms, rounded; 0: not known yet. */
  knownMs = 0;

  /** Learns from one sample. True where `knownMs` changed. */
  learn(time: number, arrival: number): boolean {
    if (time > this.#newestSample) {
      if (this.#newestSample > 0) this.#keep(0, this.#sampleCount++, time - this.#newestSample);
      this.#newestSample = time;
    }
    if (arrival - this.#newestArrival <= BURST_MS) return false;
    if (this.#newestArrival > 0) {
      const spacing = arrival - this.#newestArrival;
      const isOutage = this.knownMs > 0 && spacing > staleAfterMs(this.knownMs) && !this.#isOutageSeen;
      this.#isOutageSeen = isOutage;
      if (isOutage) this.#forgetSpacing(spacing);
      else this.#keep(SPACINGS_KEPT, this.#arrivalCount++, spacing);
    }
    this.#newestArrival = arrival;
    return this.#update();
  }

  /** The gap in sample times that goes with an outage is no cadence either. */
  #forgetSpacing(spacing: number): void {
    const at = (this.#sampleCount - 1) % SPACINGS_KEPT;
    if (this.#sampleCount > 0 && (this.#spacings[at] as number) > spacing / 2) this.#spacings[at] = 0;
  }

  #keep(from: number, count: number, spacing: number): void {
    this.#spacings[from + (count % SPACINGS_KEPT)] = spacing;
  }

  #update(): boolean {
    if (this.#sampleCount === 0 && this.#arrivalCount === 0) return false;
    let largest = 0;
    for (const spacing of this.#spacings) if (spacing > largest) largest = spacing;
    const learned = rounded(largest);
    if (learned === 0 || Math.abs(learned - this.knownMs) <= this.knownMs * HYSTERESIS) return false;
    this.knownMs = learned;
    return true;
  }
}

/** Jitter is not cadence: to 50 ms below a second, else to two digits. */
function rounded(ms: number): number {
  if (ms < 1_000) return Math.max(50, Math.round(ms / 50) * 50);
  const unit = 10 ** (Math.floor(Math.log10(ms)) - 1);
  return Math.round(ms / unit) * unit;
}
