import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type ConnectionEvent,
  type ConnectionState,
  isOnline,
  LOST_FOR_MS,
  nextConnection,
  offlineSince,
} from '#lib/connection/connection-state.ts';

const START: ConnectionState = { kind: 'connecting', since: 0 };
const run = (...events: ConnectionEvent[]) => events.reduce(nextConnection, START);

describe('a connection', () => {
  test('that is lost is reconnecting, then offline, and remembers since when', () => {
    const opened: ConnectionEvent = { type: 'opened', now: 10 };
    const gone: ConnectionEvent = { type: 'lost', now: 1_000, attempt: 1, retryAt: 1_500 };
    expect(run(opened, gone).kind).toBe('reconnecting');
    expect(run(opened, gone, { type: 'clock', now: 1_000 + LOST_FOR_MS }).kind).toBe('offline');
    const later = run(opened, gone, { type: 'lost', now: 9_000, attempt: 4, retryAt: 12_000 });
    expect(later).toEqual({ kind: 'offline', since: 1_000, attempt: 4, retryAt: 12_000 });
    expect(nextConnection(later, { type: 'opened', now: 13_000 })).toEqual({
      kind: 'live',
      since: 13_000,
      delayMs: null,
    });
  });
  test('is slow while data comes late, and live again only once it clearly does not', () => {
    const slow = run({ type: 'opened', now: 0 }, { type: 'delay', now: 5, delayMs: 4_000 });
    expect(slow.kind).toBe('slow');
    expect(nextConnection(slow, { type: 'delay', now: 6, delayMs: 2_900 }).kind).toBe('slow');
    expect(nextConnection(slow, { type: 'delay', now: 7, delayMs: 900 }).kind).toBe('live');
  });
  test('that was refused does not pretend to come back', () => {
    const out = run(
      { type: 'opened', now: 0 },
      { type: 'refused', now: 5, reason: 'signedOut' },
      { type: 'lost', now: 6, attempt: 1, retryAt: 7 },
    );
    expect(out).toEqual({ kind: 'signedOut', since: 5 });
    expect(run({ type: 'refused', now: 5, reason: 'kicked' })).toEqual({ kind: 'ended', since: 5, reason: 'kicked' });
  });
  test('is online only while it is live or slow, whatever happens', () => {
    const event = fc.oneof(
      fc.record({ type: fc.constant('opened' as const), now: fc.nat() }),
      fc.record({
        type: fc.constant('lost' as const),
        now: fc.nat(),
        attempt: fc.nat(9),
        retryAt: fc.option(fc.nat()),
      }),
      fc.record({ type: fc.constant('delay' as const), now: fc.nat(), delayMs: fc.nat(9_999) }),
      fc.record({ type: fc.constant('clock' as const), now: fc.nat() }),
    );
    fc.assert(
      fc.property(fc.array(event), (events) => {
        const state = run(...events);
        expect(isOnline(state)).toBe(offlineSince(state) === null);
        const link = events.filter((e) => e.type === 'opened' || e.type === 'lost').at(-1);
        expect(isOnline(state)).toBe(link?.type === 'opened');
      }),
    );
  });
});
