// Whether a series is current, as a pure function of how long it has been silent.
import { laggingAfterMs, type SeriesState, staleAfterMs } from '@tidewatch/schemas/freshness';

/**
 * `silenceMs`: since the newest arrival, without the time in which the gateway could not have heard anybody.
 * `intervalMs`: declared or learned; 0: not known yet; null: sparse.
 */
export function seriesState(silenceMs: number, intervalMs: number | null, isEnded: boolean): SeriesState {
  if (isEnded) return 'ended';
  if (silenceMs > staleAfterMs(intervalMs)) return 'stale';
  return silenceMs > laggingAfterMs(intervalMs) ? 'lagging' : 'fresh';
}
