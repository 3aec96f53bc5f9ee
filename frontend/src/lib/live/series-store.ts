// What this browser knows of one topic's series: definitions, states, newest values, and rings of buckets. Fed by
// snapshots, deltas and history; outside of Svelte's reactivity. Promises that overlaps do no harm, that a new epoch
// keeps the rings of series that are the same by key, and that `clear` leaves no value behind.
import type { Delta } from '@tidewatch/schemas/delta';
import type { SeriesState } from '@tidewatch/schemas/freshness';
import { type History, type StepMs, TIERS } from '@tidewatch/schemas/history';
import { seriesKey } from '@tidewatch/schemas/labels';
import type { SeriesDef } from '@tidewatch/schemas/series';
import type { Snapshot } from '@tidewatch/schemas/snapshot';
import { createRing, type Ring } from './ring.ts';

/** Series that get rings. Beyond, a topic shows its newest values and no lines: 2,000 full rings are about 60 MB. */
export const RING_SERIES_MAX = 2_000;

export interface StoredSeries {
  readonly key: string;
  id: number;
  def: SeriesDef;
  state: SeriesState;
  /** Server time of the newest arrival, epoch ms; 0: none yet. */
  arrival: number;
  /** Start of the newest bucket, epoch ms; 0: none. */
  time: number;
  last: number;
  readonly rings: Map<StepMs, Ring>;
}

export interface SeriesStore {
  readonly byKey: ReadonlyMap<string, StoredSeries>;
  /** Samples taken since the beginning, for "+342 new". */
  taken(): number;
  /** True: series came or went. */
  snapshot(snapshot: Snapshot): boolean;
  delta(delta: Delta): boolean;
  history(history: History): void;
  /** Keeps buckets of this width from now on, for windows that need them. */
  keep(stepMs: StepMs): void;
  clear(): void;
}

export function createSeriesStore(): SeriesStore {
  const byKey = new Map<string, StoredSeries>();
  const byId = new Map<number, StoredSeries>();
  const kept = new Set<StepMs>([1_000]);
  let taken = 0;

  function define(def: SeriesDef): { series: StoredSeries; isNew: boolean } {
    const key = seriesKey(def.metric, def.labels);
    let series = byKey.get(key);
    const isNew = series === undefined;
    if (series === undefined) {
      series = { key, id: def.id, def, state: 'fresh', arrival: 0, time: 0, last: Number.NaN, rings: new Map() };
      byKey.set(key, series);
    }
    if (series.id !== def.id && byId.get(series.id) === series) byId.delete(series.id);
    series.id = def.id;
    series.def = def;
    byId.set(def.id, series);
    return { series, isNew };
  }

  function drop(series: StoredSeries): void {
    for (const ring of series.rings.values()) ring.clear();
    series.last = Number.NaN;
    byKey.delete(series.key);
    if (byId.get(series.id) === series) byId.delete(series.id);
  }

  function ringOf(series: StoredSeries, stepMs: StepMs): Ring | undefined {
    const ring = series.rings.get(stepMs);
    if (ring !== undefined || byKey.size > RING_SERIES_MAX) return ring;
    const tier = TIERS.find((candidate) => candidate.stepMs === stepMs);
    if (tier === undefined) return undefined;
    const made = createRing(stepMs, tier.spanMs / stepMs);
    series.rings.set(stepMs, made);
    return made;
  }

  function bucket(series: StoredSeries, time: number, last: number, min: number, max: number): void {
    if (time > series.time) taken++;
    if (time >= series.time) {
      series.time = time;
      series.last = last;
    }
    for (const stepMs of kept) {
      const ring = ringOf(series, stepMs);
      if (stepMs === 1_000) ring?.set(time, last, min, max);
      else ring?.fold(time, last, min, max);
    }
  }

  return {
    byKey,
    taken: () => taken,

    snapshot(snapshot) {
      let hasChanged = false;
      byId.clear();
      const seen = new Set<string>();
      for (const row of snapshot.series) {
        const { series, isNew } = define(row.def);
        hasChanged ||= isNew;
        seen.add(series.key);
        series.state = row.state;
        series.arrival = row.arrival;
        if (row.time > 0) bucket(series, row.time, row.last, row.min, row.max);
      }
      for (const series of [...byKey.values()]) {
        if (seen.has(series.key)) continue;
        drop(series);
        hasChanged = true;
      }
      return hasChanged;
    },

    delta(delta) {
      let hasChanged = false;
      for (const def of delta.defs) {
        define(def);
        hasChanged = true;
      }
      for (const id of delta.retired) {
        const series = byId.get(id);
        if (series === undefined) continue;
        drop(series);
        hasChanged = true;
      }
      for (const columns of delta.buckets) {
        for (let at = 0; at < columns.series.length; at++) {
          const series = byId.get(columns.series[at] as number);
          if (series === undefined) continue;
          series.arrival = delta.at;
          bucket(
            series,
            columns.time,
            columns.last[at] as number,
            columns.min[at] as number,
            columns.max[at] as number,
          );
        }
      }
      for (const [id, ageMs] of delta.ages) {
        const series = byId.get(id);
        if (series !== undefined) series.arrival = delta.at - ageMs;
      }
      for (const [id, state] of delta.states) {
        const series = byId.get(id);
        if (series !== undefined) series.state = state;
      }
      return hasChanged;
    },

    history(history) {
      for (const row of history.series) {
        const series = byId.get(row.id);
        const ring = series === undefined ? undefined : ringOf(series, history.stepMs);
        if (ring === undefined) continue;
        for (let at = 0; at < row.time.length; at++) {
          ring.set(row.time[at] as number, row.last[at] as number, row.min[at] as number, row.max[at] as number);
        }
      }
    },

    keep(stepMs) {
      kept.add(stepMs);
    },

    clear() {
      for (const series of [...byKey.values()]) drop(series);
      byId.clear();
    },
  };
}
