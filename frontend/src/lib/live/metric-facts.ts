// What a topic's series say of each metric, in a line: for the table of metrics and the order of panels. Pure.
import type { SeriesState } from '@tidewatch/schemas/freshness';
import type { StoredSeries } from './series-store.ts';

export interface MetricFacts {
  readonly metric: string;
  readonly series: readonly StoredSeries[];
  readonly labels: readonly string[];
  readonly unit: string;
  readonly isRate: boolean;
  readonly kind: string;
  readonly description: string;
  /** Worst state among them, ended only where all have ended. */
  readonly state: SeriesState;
  /** Series in that state. */
  readonly count: number;
  /** The largest of them: the one whose value stands for the metric. */
  readonly leading: StoredSeries;
  /** Newest arrival, epoch ms; 0: none. Of a stale metric: the arrival after which it fell silent. */
  readonly arrival: number;
}

const RANK: readonly SeriesState[] = ['stale', 'lagging', 'fresh', 'ended'];

/** Worst first, then by name. */
export function metricFacts(all: Iterable<StoredSeries>): MetricFacts[] {
  const byMetric = new Map<string, StoredSeries[]>();
  for (const series of all) {
    const list = byMetric.get(series.def.metric);
    if (list === undefined) byMetric.set(series.def.metric, [series]);
    else list.push(series);
  }
  return [...byMetric]
    .map(factsOf)
    .sort((a, b) => RANK.indexOf(a.state) - RANK.indexOf(b.state) || (a.metric < b.metric ? -1 : 1));
}

function factsOf([metric, series]: [string, StoredSeries[]]): MetricFacts {
  const state = RANK.find((candidate) => series.some((s) => s.state === candidate)) ?? 'fresh';
  const inState = series.filter((s) => s.state === state);
  const leading = series.reduce((best, s) => (size(s) > size(best) ? s : best));
  const { def } = leading;
  return {
    metric,
    series,
    labels: [...new Set(series.flatMap((s) => Object.keys(s.def.labels)))].sort(),
    unit: def.unit,
    isRate: def.kind === 'counter',
    kind: def.kind,
    description: def.description,
    state,
    count: inState.length,
    leading,
    arrival: (state === 'stale' ? inState : series).reduce((max, s) => Math.max(max, s.arrival), 0),
  };
}

function size(series: StoredSeries): number {
  return Number.isNaN(series.last) ? -1 : Math.abs(series.last);
}

/** "1 s, declared", "1 s to 10 s, learned", "sparse": the cadence of some series. */
export function intervalText(series: readonly StoredSeries[], format: (ms: number) => string): string {
  const known = series.map((s) => s.def.intervalMs).filter((ms): ms is number => ms !== null && ms > 0);
  const isSparse = series.some((s) => s.def.intervalMs === null);
  if (known.length === 0) return isSparse ? 'sparse' : 'not known yet';
  const [low, high] = [Math.min(...known), Math.max(...known)];
  const range = format(low) === format(high) ? format(low) : `${format(low)} to ${format(high)}`;
  const declared = series.filter((s) => s.def.isIntervalDeclared).length;
  const how = declared === series.length ? 'declared' : declared === 0 ? 'learned' : 'some declared';
  return `${range}, ${how}${isSparse ? ', some sparse' : ''}`;
}
