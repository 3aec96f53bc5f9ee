// Which lines a metric's panel has: names, colours, order, and which eight stand out where there are more. Pure.
import type { StoredSeries } from '../live/series-store.ts';
import { colorsOf, differingLabels, rankOf, type SeriesColor, seriesName } from './palette.ts';

/** Lines that stand out, and lines drawn behind them; a panel of more says how many are not drawn. */
export const LINES_MAX = 8;
export const OTHERS_MAX = 24;
/** Up to here lines are named at their end rather than in a legend. */
export const END_LABELS_MAX = 4;

export interface Line {
  readonly key: string;
  readonly series: StoredSeries;
  readonly name: string;
  readonly color: SeriesColor;
}

export interface Lines {
  /** In the order of the legend. */
  readonly top: readonly Line[];
  readonly others: readonly Line[];
  /** Series that are not among `top`, drawn or not. */
  readonly more: number;
  readonly isSingle: boolean;
  readonly isOrdered: boolean;
}

export function linesOf(series: readonly StoredSeries[]): Lines {
  const colored = series.map((s) => ({ key: s.key, labels: s.def.labels }));
  const differing = differingLabels(colored.map((s) => s.labels));
  const ranks = rankOf(colored);
  const ordered = ranks === undefined ? bySize(series) : [...ranks].reverse().map((key) => find(series, key));
  const chosen = ordered.slice(0, LINES_MAX);
  const colors = colorsOf(chosen.map((s) => ({ key: s.key, labels: s.def.labels })));
  const line = (s: StoredSeries): Line => ({
    key: s.key,
    series: s,
    name: seriesName(s.def.labels, differing),
    color: colors.get(s.key) ?? { full: 's8', rest: 'r8', isOrdered: false },
  });
  return {
    top: chosen.map(line),
    others: ordered.slice(LINES_MAX, LINES_MAX + OTHERS_MAX).map(line),
    more: Math.max(0, ordered.length - LINES_MAX),
    isSingle: series.length === 1,
    isOrdered: ranks !== undefined,
  };
}

/** Largest first; those without a value last; ties by key, so that the order is the same everywhere. */
function bySize(series: readonly StoredSeries[]): StoredSeries[] {
  const size = (s: StoredSeries) => (Number.isNaN(s.last) ? -1 : Math.abs(s.last));
  return [...series].sort((a, b) => size(b) - size(a) || (a.key < b.key ? -1 : 1));
}

function find(series: readonly StoredSeries[], key: string): StoredSeries {
  return series.find((s) => s.key === key) as StoredSeries;
}

/** Series by metric, metrics by name. */
export function byMetric(series: Iterable<StoredSeries>): Map<string, StoredSeries[]> {
  const metrics = new Map<string, StoredSeries[]>();
  for (const s of series) {
    const list = metrics.get(s.def.metric);
    if (list === undefined) metrics.set(s.def.metric, [s]);
    else list.push(s);
  }
  return new Map([...metrics].sort(([a], [b]) => (a < b ? -1 : 1)));
}
