// What the admin page shows of a session; a gateway adds its own name and writes it to the database.
import type { LiveSession } from '@tidewatch/schemas/api-sessions';
import type { Session } from './session.ts';

export type SessionRow = Omit<LiveSession, 'gateway' | 'seen' | 'state'>;

/** Speeds are means since the row was last made, over at least a second. */
const MEASURE_MIN_MS = 1_000;

interface Measure {
  readonly at: number;
  readonly bytes: number;
  readonly payloads: number;
  readonly bytesPerSecond: number;
  readonly framesPerSecond: number;
}

const measures = new WeakMap<Session, Measure>();

export function createSessionRow(session: Session): SessionRow {
  const { kind, id, name } = session.visitor.principal;
  const { bytesPerSecond, framesPerSecond } = measure(session);
  return {
    id: session.id,
    principal: { kind, id, name },
    address: session.visitor.address,
    userAgent: session.visitor.userAgent,
    since: session.since,
    topics: [...session.subscriptions.keys()],
    framesPerSecond,
    bytesPerSecond,
    inFlightBytes: session.outbox.inFlightBytes,
    mergedTicks: session.mergedTicks,
  };
}

function measure(session: Session): Measure {
  const now = session.monotonic();
  const { sentBytes: bytes, sentPayloads: payloads } = session.outbox;
  const before = measures.get(session);
  if (before !== undefined && now - before.at < MEASURE_MIN_MS) return before;
  const seconds = before === undefined ? 1 : (now - before.at) / 1_000;
  const next = {
    at: now,
    bytes,
    payloads,
    bytesPerSecond: Math.round((bytes - (before?.bytes ?? 0)) / seconds),
    framesPerSecond: Math.round(((payloads - (before?.payloads ?? 0)) / seconds) * 10) / 10,
  };
  measures.set(session, next);
  return next;
}
