// Which token a series takes. By stable hash of its key, so that host-3 keeps its colour on every panel and in both
// themes; ordered series (percentiles, buckets) take one hue by rank; a single series is always s1.
import type { Labels } from '@tidewatch/schemas/labels';

export const SERIES_COLORS = 8;
/** Labels whose values are an order, not a set of names. */
const ORDERED_LABELS = ['quantile', 'percentile', 'le', 'p', 'q', 'pct'];

/** `full` is the swatch and a series that matters now, `rest` the line at rest. Names of tokens without `--`. */
export interface SeriesColor {
  readonly full: string;
  readonly rest: string;
  readonly isOrdered: boolean;
}

export interface Colored {
  readonly key: string;
  readonly labels: Labels;
}

const SINGLE: SeriesColor = { full: 's1', rest: 's1', isOrdered: false };

/** FNV-1a, 32 bit. */
export function hashKey(key: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < key.length; at++) hash = Math.imul(hash ^ key.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}

/** Colours by key. Two series of one panel share a colour only when there are more than eight. */
export function colorsOf(series: readonly Colored[]): Map<string, SeriesColor> {
  const colors = new Map<string, SeriesColor>();
  if (series.length === 1) return colors.set((series[0] as Colored).key, SINGLE);
  const ranks = rankOf(series);
  if (ranks !== undefined) {
    for (const [at, key] of ranks.entries()) {
      const token = `o${rankToken(at, ranks.length)}`;
      colors.set(key, { full: token, rest: token, isOrdered: true });
    }
    return colors;
  }
  const taken = new Set<number>();
  for (const key of series.map((s) => s.key).sort()) {
    let slot = hashKey(key) % SERIES_COLORS;
    if (taken.size < SERIES_COLORS) while (taken.has(slot)) slot = (slot + 1) % SERIES_COLORS;
    taken.add(slot);
    colors.set(key, { full: `s${slot + 1}`, rest: `r${slot + 1}`, isOrdered: false });
  }
  return colors;
}

/** Keys in rising order where the series differ in one ordered label alone and are at most five. */
export function rankOf(series: readonly Colored[]): string[] | undefined {
  const differing = differingLabels(series.map((s) => s.labels));
  const [name] = differing;
  if (name === undefined || differing.length !== 1 || series.length < 2 || series.length > 5) return undefined;
  if (!ORDERED_LABELS.includes(name)) return undefined;
  const ranked = series.map((s) => ({ key: s.key, rank: orderOf(s.labels[name] ?? '') }));
  if (ranked.some(({ rank }) => Number.isNaN(rank))) return undefined;
  return ranked.sort((a, b) => a.rank - b.rank).map(({ key }) => key);
}

/** 0.99, p99 and 99 are an order; +Inf is above them all. */
export function orderOf(text: string): number {
  if (text === '+Inf') return Number.POSITIVE_INFINITY;
  const number = /^p?(\d+(?:\.\d+)?)$/.exec(text);
  return number === null ? Number.NaN : Number(number[1]);
}

/** p50 o1, p95 o2, p99 o4: of three the highest stands apart; five take all five. */
function rankToken(at: number, count: number): number {
  if (count === 2) return at === 0 ? 1 : 4;
  if (count === 3) return [1, 2, 4][at] as number;
  return count === 4 ? ([1, 2, 4, 5][at] as number) : at + 1;
}

/** Names of labels that do not have one and the same value everywhere, in order. */
export function differingLabels(sets: readonly Labels[]): string[] {
  const names = new Set(sets.flatMap((labels) => Object.keys(labels)));
  return [...names].filter((name) => new Set(sets.map((labels) => labels[name])).size > 1).sort();
}

/** What tells a series apart on its panel: "p99", "eu-west", "cart-api · eu". Alone: its labels, or nothing. */
export function seriesName(labels: Labels, differing: readonly string[]): string {
  const names = differing.length > 0 ? differing : Object.keys(labels).sort();
  return names.map((name) => labelText(name, labels[name])).join(' · ');
}

function labelText(name: string, value: string | undefined): string {
  if (value === undefined) return `no ${name}`;
  const rank = name === 'quantile' ? Number(value) : Number.NaN;
  return rank > 0 && rank < 1 ? `p${Number((rank * 100).toPrecision(6))}` : value === '' ? `empty ${name}` : value;
}
