// Where the values at the crosshair stand: beside the lines, never on them. Of ten places a flag takes the one with the
// least line under it, and keeps its place while that stays nearly the best. Pure; pixels in, pixels out.
import type { Polyline } from './polyline.ts';

export const FLAG_HEIGHT = 16;
const OFFSETS = [0, -13, -24, 13, 24];
/** Distance from the dot to the near edge of the flag. */
const REACH = 8;
const KEEP_WITHIN = 1.2;

export interface Dot {
  readonly key: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
}

export interface Place {
  readonly key: string;
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly isRight: boolean;
  /** Which of the ten, to be given back as `before`. */
  readonly slot: number;
}

export interface Bounds {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Places a flag for each dot, top to bottom. One for which no free place is left is left out. */
export function placeFlags(
  dots: readonly Dot[],
  lines: readonly Polyline[],
  bounds: Bounds,
  limits: readonly number[] = [],
  before: ReadonlyMap<string, number> = new Map(),
): Place[] {
  const placed: Place[] = [];
  for (const dot of [...dots].sort((a, b) => a.y - b.y)) {
    let best: { place: Place; cost: number } | undefined;
    let kept: { place: Place; cost: number } | undefined;
    for (let slot = 0; slot < 2 * OFFSETS.length; slot++) {
      const place = placeAt(dot, slot);
      const cost = costOf(place, dot);
      if (cost === Number.POSITIVE_INFINITY) continue;
      if (best === undefined || cost < best.cost) best = { place, cost };
      if (before.get(dot.key) === slot) kept = { place, cost };
    }
    if (best === undefined) continue;
    placed.push(kept !== undefined && kept.cost <= best.cost * KEEP_WITHIN ? kept.place : best.place);
  }
  return placed;

  function placeAt(dot: Dot, slot: number): Place {
    const isRight = slot < OFFSETS.length;
    const left = isRight ? dot.x + REACH : dot.x - REACH - dot.width;
    const top = dot.y + (OFFSETS[slot % OFFSETS.length] as number) - FLAG_HEIGHT / 2;
    return { key: dot.key, left, top, width: dot.width, isRight, slot };
  }

  function costOf(place: Place, dot: Dot): number {
    const right = place.left + place.width;
    const bottom = place.top + FLAG_HEIGHT;
    if (place.left < bounds.left || right > bounds.right || place.top < bounds.top || bottom > bounds.bottom) {
      return Number.POSITIVE_INFINITY;
    }
    const middle = place.top + FLAG_HEIGHT / 2;
    let cost = 0.9 * Math.abs(middle - dot.y) + (place.isRight ? 0 : 4) + (middle > dot.y ? 3 : 0);
    for (const line of lines) cost += 3 * lineUnder(line, place.left, place.top, right, bottom);
    if (dots.some((other) => other !== dot && Math.abs(other.y - middle) < Math.abs(dot.y - middle))) cost += 14;
    for (const other of placed) {
      const isOver =
        place.left < other.left + other.width &&
        right > other.left &&
        place.top < other.top + FLAG_HEIGHT &&
        bottom > other.top;
      if (isOver) return Number.POSITIVE_INFINITY;
      if (Math.abs(other.top - place.top) < 28) cost += 18;
    }
    if (limits.some((y) => y > place.top && y < bottom)) cost += 10;
    return cost;
  }
}

/** Pixels of line inside a rectangle. */
export function lineUnder(line: Polyline, left: number, top: number, right: number, bottom: number): number {
  let length = 0;
  for (let at = 1; at < line.length; at++) {
    const x0 = line.points[2 * at - 2] as number;
    const y0 = line.points[2 * at - 1] as number;
    const x1 = line.points[2 * at] as number;
    const y1 = line.points[2 * at + 1] as number;
    // A lifted pen is NaN, and every comparison with it is false.
    if (!(x1 >= left && x0 <= right && Math.max(y0, y1) >= top && Math.min(y0, y1) <= bottom)) continue;
    length += clippedLength(x0, y0, x1, y1, left, top, right, bottom);
  }
  return length;
}

/** Liang and Barsky's clipping, of which only the length is wanted. */
function clippedLength(
  x0: number,
  y0: number,
  x1: number,
  y1: number,
  left: number,
  top: number,
  right: number,
  bottom: number,
): number {
  const dx = x1 - x0;
  const dy = y1 - y0;
  let enter = 0;
  let leave = 1;
  for (const [p, q] of [
    [-dx, x0 - left],
    [dx, right - x0],
    [-dy, y0 - top],
    [dy, bottom - y0],
  ] as const) {
    if (p === 0) {
      if (q < 0) return 0;
    } else if (p < 0) enter = Math.max(enter, q / p);
    else leave = Math.min(leave, q / p);
  }
  return leave > enter ? (leave - enter) * Math.hypot(dx, dy) : 0;
}
