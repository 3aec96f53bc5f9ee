import type { ConnectionState } from '@tidewatch/schemas/client-connection';
import { describe, expect, test } from 'vitest';
import { announcement, pillWords } from '#lib/shell/pill-words.ts';

const NOW = 1_764_000_000_000;
const live: ConnectionState = { kind: 'live', since: NOW - 1_000 };
const say = (state: ConnectionState, more: { isSlow?: boolean; delayMs?: number; pausedForMs?: number } = {}) => {
  const { word, detail, shape } = pillWords({ state, isSlow: false, delayMs: null, pausedForMs: null, ...more }, NOW);
  return [shape, `${word} ${detail}`.trim()];
};

describe('the connection pill', () => {
  test('has a shape and a word for every state', () => {
    expect(say({ kind: 'connecting', since: NOW })).toEqual(['ring', 'Connecting']);
    expect(say(live, { delayMs: 180 })).toEqual(['live', 'Live 180 ms']);
    expect(say(live, { isSlow: true, delayMs: 4_000 })).toEqual(['warning', 'Slow lag 4.0 s']);
    expect(say(live, { pausedForMs: 38_000, delayMs: 165 })).toEqual(['paused', 'Paused 0:38 link 165 ms']);
    expect(say({ kind: 'reconnecting', since: NOW - 3_200, attempt: 1, retryAt: NOW })).toEqual([
      'ring',
      'Reconnecting 3 s',
    ]);
    expect(say({ kind: 'offline', since: NOW - 42_000, attempt: 4, retryAt: NOW + 4_500 })).toEqual([
      'critical',
      'Offline 0:42 retry in 5 s',
    ]);
    expect(say({ kind: 'signedOut', since: NOW })).toEqual([null, 'Signed out']);
    expect(say({ kind: 'closed', since: NOW, reason: 'kicked' })).toEqual(['critical', 'Ended by an admin']);
  });
  test('says that the line is gone even while the page is paused', () => {
    expect(say({ kind: 'offline', since: NOW - 42_000, attempt: 1, retryAt: null }, { pausedForMs: 90_000 })).toEqual([
      'critical',
      'Offline 0:42 trying',
    ]);
  });
  test('is announced when it is lost or comes back, and not when the page opens', () => {
    expect(announcement('connecting', live)).toBe('');
    expect(announcement('offline', live)).toMatch(/restored/);
    expect(announcement('reconnecting', { kind: 'offline', since: NOW, attempt: 1, retryAt: null })).toMatch(/lost/);
    expect(announcement('live', live)).toBe('');
  });
});
