import type { LiveSession } from '@tidewatch/schemas/api-sessions';
import { describe, expect, it } from 'vitest';
import { IN_FLIGHT_MAX_BYTES, inOrder, pressure, shareInFlight, withKicked } from '#lib/admin/session-rows.ts';

const session = (id: string, inFlightBytes = 0, topics: string[] = []): LiveSession => ({
  ...{ id, gateway: 'g1', principal: { kind: 'person', id, name: `name-${id}` }, address: '10.0.0.1', userAgent: '' },
  ...{ since: 1, topics, framesPerSecond: 1, bytesPerSecond: 1, inFlightBytes, mergedTicks: 0, seen: 1, state: 'open' },
});
const ids = (rows: readonly LiveSession[]) => rows.map((row) => row.id).join('');

describe('the list of live sessions', () => {
  it('stands fullest first', () => {
    expect(ids(inOrder([session('a', 1), session('b', 9), session('c', 5)], '', null))).toBe('bca');
  });

  it('holds its order while it is held, with newcomers at the end', () => {
    const rows = [session('n', 99), session('a', 1), session('b', 9)];
    expect(ids(inOrder(rows, '', ['a', 'b']))).toBe('abn');
  });

  it('finds a session by a topic it is subscribed to', () => {
    expect(ids(inOrder([session('a', 0, ['shop.cart']), session('b')], 'CART', null))).toBe('a');
  });

  it('keeps a kicked session that the gateway has let go', () => {
    const gone = session('k');
    const kicked = new Map([['k', { session: gone, at: 1, closedAt: null }]]);
    expect(ids(withKicked([session('a')], kicked))).toBe('ak');
    expect(ids(withKicked([session('a'), gone], kicked))).toBe('ak');
  });

  it('marks who cannot keep up, and never more than full', () => {
    expect(pressure(session('a', IN_FLIGHT_MAX_BYTES * 0.1))).toBe('easy');
    expect(pressure(session('a', IN_FLIGHT_MAX_BYTES * 0.6))).toBe('slow');
    expect(pressure(session('a', IN_FLIGHT_MAX_BYTES))).toBe('stuck');
    expect(shareInFlight(session('a', IN_FLIGHT_MAX_BYTES * 3))).toBe(1);
  });
});
