// Freshness: whether a series is current, and if not, why. The promise of the product: nothing old looks current.
// The first that applies wins: offline (this browser), upstream (the gateway's Kafka), ended, stale, lagging, fresh.
import { z } from 'zod';

/** What the server says of one series. `ended`: the emitter said so. The order is the code on the wire. */
export const SERIES_STATES = ['fresh', 'lagging', 'stale', 'ended'] as const;
export type SeriesState = (typeof SERIES_STATES)[number];
export const SeriesState = z.enum(SERIES_STATES);

/** What a person is shown. `offline` and `upstream` cover whole topics. */
export const FRESHNESS = ['offline', 'upstream', 'ended', 'stale', 'lagging', 'fresh'] as const;
export type Freshness = (typeof FRESHNESS)[number];

export const LAGGING_INTERVALS = 3;
export const LAGGING_MIN_MS = 3_000;
export const STALE_INTERVALS = 5;
export const STALE_MIN_MS = 15_000;

/** Silence after which a series is lagging, ms. `null` (sparse) never lags. */
export function laggingAfterMs(intervalMs: number | null): number {
  return intervalMs === null ? Number.POSITIVE_INFINITY : Math.max(LAGGING_INTERVALS * intervalMs, LAGGING_MIN_MS);
}

/** Silence after which a series is stale, ms. `null` (sparse) is never stale. */
export function staleAfterMs(intervalMs: number | null): number {
  return intervalMs === null ? Number.POSITIVE_INFINITY : Math.max(STALE_INTERVALS * intervalMs, STALE_MIN_MS);
}

/** Combines the four causes. `isOnline`: this client hears the server; `isUpstreamLive`: the server hears Kafka. */
export function freshnessOf(state: SeriesState, isOnline: boolean, isUpstreamLive: boolean): Freshness {
  if (!isOnline) return 'offline';
  if (!isUpstreamLive) return 'upstream';
  return state;
}
