// Ranges and ticks of the two axes. The y range grows at once and shrinks slowly, so that a chart does not breathe with
// every sample; x ticks stand on round times of the shown zone.

export interface YRange {
  readonly min: number;
  readonly max: number;
  readonly step: number;
}

/** Values that move by this part of their size are shown from zero. */
const ZERO_FROM = 0.12;

/** Lines of the grid that a plot of this height can hold. */
function linesFor(heightPx: number): number {
  return heightPx < 90 ? 2 : heightPx < 120 ? 3 : heightPx < 180 ? 4 : 5;
}

/**
 * A round range around [low, high]. Zero is in it where the values move by a good part of their size; a series that
 * hovers far from zero (98.1 to 98.4 %) gets a range of its own.
 */
export function niceRange(low: number, high: number, heightPx: number): YRange {
  if (!Number.isFinite(low) || !Number.isFinite(high)) return { min: 0, max: 1, step: 0.5 };
  let from = low;
  let to = high;
  const spread = high - low;
  if (low >= 0 && spread >= ZERO_FROM * high) from = 0;
  else if (high <= 0 && spread >= ZERO_FROM * -low) to = 0;
  if (from === to) {
    // One value: a range of a tenth around it, from zero where it is zero.
    if (from === 0) to = 1;
    else if (from > 0) [from, to] = [from * 0.95, from * 1.05];
    else [from, to] = [from * 1.05, from * 0.95];
  }
  const step = niceStep((to - from) / linesFor(heightPx));
  return { min: Math.floor(from / step + 1e-9) * step, max: Math.ceil(to / step - 1e-9) * step, step };
}

function niceStep(raw: number): number {
  const power = 10 ** Math.floor(Math.log10(raw));
  for (const nice of [1, 2, 2.5, 5]) if (nice * power >= raw * 0.999_999) return nice * power;
  return 10 * power;
}

/** A smaller range is taken only when it has fitted for this long. */
export const SHRINK_AFTER_MS = 10_000;

export interface RangeKeeper {
  next(low: number, high: number, heightPx: number, now: number): YRange;
}

/** Keeps a range steady: wider at once, narrower after `SHRINK_AFTER_MS`. */
export function createRangeKeeper(): RangeKeeper {
  let kept: YRange | undefined;
  let keptHeight = 0;
  let isOfNothing = true;
  let smallerSince = Number.POSITIVE_INFINITY;
  return {
    next(low, high, heightPx, now) {
      const want = niceRange(low, high, heightPx);
      const holds =
        kept !== undefined && !isOfNothing && keptHeight === heightPx && low >= kept.min && high <= kept.max;
      if (!holds || !Number.isFinite(low)) {
        kept = want;
        smallerSince = Number.POSITIVE_INFINITY;
      } else if (kept !== undefined && want.max - want.min < (kept.max - kept.min) * 0.999) {
        if (now < smallerSince) smallerSince = Math.min(smallerSince, now);
        if (now - smallerSince >= SHRINK_AFTER_MS) {
          kept = want;
          smallerSince = Number.POSITIVE_INFINITY;
        }
      } else smallerSince = Number.POSITIVE_INFINITY;
      keptHeight = heightPx;
      isOfNothing = !Number.isFinite(low);
      return kept as YRange;
    },
  };
}

export function yTicks(range: YRange): number[] {
  const ticks: number[] = [];
  const count = Math.round((range.max - range.min) / range.step);
  for (let at = 0; at <= count && at < 20; at++) ticks.push(clean(range.min + at * range.step, range.step));
  return ticks;
}

/** Takes the last-bit noise of adding steps away: 0.30000000000000004 is 0.3. */
function clean(value: number, step: number): number {
  return Number(value.toFixed(Math.max(0, 2 - Math.floor(Math.log10(step)))));
}

/** Decimals that tell the ticks of a step apart. */
export function tickDecimals(step: number): number {
  for (let decimals = 0; decimals < 8; decimals++) {
    const scaled = step * 10 ** decimals;
    if (Math.abs(scaled - Math.round(scaled)) < 1e-6 * scaled) return decimals;
  }
  return 8;
}

const X_STEPS_S = [5, 10, 15, 30, 60, 120, 180, 300, 600, 900, 1_800, 3_600, 7_200, 10_800, 21_600, 43_200, 86_400];

/** Round times in [from, to], at least `minPx` and `leastMs` apart. `offsetMs` is the zone's distance from UTC. */
export function xTicks(
  from: number,
  to: number,
  widthPx: number,
  minPx: number,
  offsetMs: number,
  leastMs = 0,
): number[] {
  const least = Math.max(leastMs, ((to - from) / Math.max(1, widthPx)) * minPx);
  const step = (X_STEPS_S.find((s) => s * 1_000 >= least) ?? 86_400) * 1_000;
  const ticks: number[] = [];
  for (let at = Math.ceil((from + offsetMs) / step) * step - offsetMs; at <= to && ticks.length < 50; at += step)
    ticks.push(at);
  return ticks;
}
