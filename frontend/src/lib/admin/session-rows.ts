// Live sessions as the page lists them: fullest first, an order that holds still under the pointer, and those that were
// kicked kept in their place with what happened to them.
import type { LiveSession } from '@tidewatch/schemas/api-sessions';

/** Bytes on the way at which a session's ticks are skipped and merged. */
export const IN_FLIGHT_MAX_BYTES = 64 * 1_024;
/** Share of it from which a row is marked. */
const SLOW_SHARE = 0.5;
const STUCK_SHARE = 0.8;

export interface KickedRow {
  readonly session: LiveSession;
  readonly at: number;
  /** When the list no longer had it open; null: not yet. */
  readonly closedAt: number | null;
}

export type Pressure = 'easy' | 'slow' | 'stuck';

export function shareInFlight(session: LiveSession): number {
  return Math.min(1, session.inFlightBytes / IN_FLIGHT_MAX_BYTES);
}

export function pressure(session: LiveSession): Pressure {
  const share = shareInFlight(session);
  return share >= STUCK_SHARE ? 'stuck' : share >= SLOW_SHARE ? 'slow' : 'easy';
}

export function inOrder(sessions: readonly LiveSession[], text: string, held: readonly string[] | null): LiveSession[] {
  const wanted = text.trim().toLowerCase();
  const rows = sessions.filter((one) =>
    [one.principal.name, one.address, one.gateway, one.userAgent, ...one.topics]
      .join(' ')
      .toLowerCase()
      .includes(wanted),
  );
  if (held !== null) {
    const place = new Map(held.map((id, at) => [id, at]));
    return rows.sort(
      (a, b) => (place.get(a.id) ?? held.length) - (place.get(b.id) ?? held.length) || a.since - b.since,
    );
  }
  return rows.sort((a, b) => b.inFlightBytes - a.inFlightBytes || b.mergedTicks - a.mergedTicks || a.since - b.since);
}

/** The list with what was kicked here: a row that the gateway has let go stays as long as `kicked` holds it. */
export function withKicked(sessions: readonly LiveSession[], kicked: ReadonlyMap<string, KickedRow>): LiveSession[] {
  const there = new Set(sessions.map((one) => one.id));
  return [...sessions, ...[...kicked.values()].map((row) => row.session).filter((one) => !there.has(one.id))];
}
