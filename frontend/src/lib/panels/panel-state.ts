// What a panel says of itself: one state, the first that applies, from everything that can make a number old. Pure.
// Order: forbidden, error, loading, offline, upstream, empty, stale, lagging, ended, live. Paused is a way of looking,
// said beside live; a paused panel that goes offline says offline.
import type { SeriesState } from '@tidewatch/schemas/freshness';
import type { Upstream } from '@tidewatch/schemas/upstream';

export type PanelState =
  | { readonly kind: 'forbidden'; readonly reason: string; readonly owner: string }
  | { readonly kind: 'error'; readonly message: string }
  | { readonly kind: 'loading'; readonly since: number }
  | { readonly kind: 'offline'; readonly since: number }
  | { readonly kind: 'upstream'; readonly upstream: Upstream }
  /** No sample in the window. `lastSeen` 0: never seen one. */
  | { readonly kind: 'empty'; readonly lastSeen: number }
  /** `stale` of `series` have been silent since `since` or longer. */
  | {
      readonly kind: 'stale';
      readonly since: number;
      readonly stale: number;
      readonly series: number;
      readonly names: readonly string[];
    }
  | { readonly kind: 'lagging'; readonly since: number }
  | { readonly kind: 'ended'; readonly at: number }
  | { readonly kind: 'live'; readonly newest: number };

export interface PanelSeries {
  readonly name: string;
  readonly state: SeriesState;
  /** Server time of the newest arrival, epoch ms; 0: none. */
  readonly arrival: number;
}

export interface PanelFacts {
  readonly refusal: { readonly reason: string; readonly owner: string } | null;
  readonly error: string | null;
  /** Server time when loading began; null: what is there is there. */
  readonly loadingSince: number | null;
  /** Server time when this browser lost the gateway; null: online. */
  readonly offlineSince: number | null;
  readonly upstream: Upstream;
  readonly series: readonly PanelSeries[];
  /** Whether anything is drawn in the window. */
  readonly isWindowEmpty: boolean;
}

export function panelState(facts: PanelFacts): PanelState {
  const { refusal, error, loadingSince, offlineSince, upstream, series } = facts;
  if (refusal !== null) return { kind: 'forbidden', ...refusal };
  if (error !== null) return { kind: 'error', message: error };
  if (loadingSince !== null) return { kind: 'loading', since: loadingSince };
  if (offlineSince !== null) return { kind: 'offline', since: offlineSince };
  const isCounted = upstream.state === 'unreachable' || upstream.state === 'behind';
  if (isCounted) return { kind: 'upstream', upstream };
  const newest = series.reduce((max, s) => Math.max(max, s.arrival), 0);
  if (facts.isWindowEmpty) return { kind: 'empty', lastSeen: newest };

  const stale = series.filter((s) => s.state === 'stale');
  const running = series.filter((s) => s.state !== 'ended');
  if (stale.length > 0) {
    const since = stale.reduce((max, s) => Math.max(max, s.arrival), 0);
    return { kind: 'stale', since, stale: stale.length, series: running.length, names: stale.map((s) => s.name) };
  }
  const lagging = series.filter((s) => s.state === 'lagging');
  if (lagging.length > 0)
    return { kind: 'lagging', since: lagging.reduce((min, s) => Math.min(min, s.arrival), Number.POSITIVE_INFINITY) };
  if (running.length === 0 && series.length > 0) return { kind: 'ended', at: newest };
  return { kind: 'live', newest };
}

/** True where every running series is silent: then the plot is hatched. With some left, their lines go on. */
export function isAllStale(state: PanelState): boolean {
  return state.kind === 'stale' && state.stale === state.series;
}

/** Worst first, as lists sort; the same rank for everything that a number can be. */
export function rankOfState(state: PanelState): number {
  const order = ['error', 'offline', 'upstream', 'lagging', 'stale', 'empty', 'loading', 'live', 'ended', 'forbidden'];
  return order.indexOf(state.kind);
}
