import { describe, expect, test } from 'vitest';
import { panelWords } from '#lib/panels/panel-words.ts';

const NOW = Date.UTC(2026, 10, 23, 12, 4, 53);
const words = (...args: [Parameters<typeof panelWords>[0], (number | null)?]) =>
  panelWords(args[0], NOW, 'UTC', args[1] ?? null);

describe('a panel says', () => {
  test('its age while it is live, and nothing else', () => {
    expect(words({ kind: 'live', newest: NOW - 1_400 })).toMatchObject({
      shape: null,
      text: '',
      age: '1 s',
      footer: '',
    });
  });
  test('how long it has been silent, since when and who', () => {
    const stale = words({ kind: 'stale', since: NOW - 42_000, stale: 1, series: 1, names: ['relay-2'] });
    expect([stale.text, stale.footer, stale.isDimmed]).toEqual([
      'Stale 42 s',
      'No sample since 12:04:11 from relay-2',
      true,
    ]);
    const some = words({ kind: 'stale', since: NOW - 72_000, stale: 5, series: 8, names: ['a', 'b', 'c', 'd', 'e'] });
    expect([some.text, some.footer, some.isDimmed]).toEqual([
      '5 of 8 stale',
      'No sample since 12:03:41 from 5 of 8 series',
      false,
    ]);
  });
  test('that this browser is offline, even while it is paused', () => {
    expect(words({ kind: 'offline', since: NOW - 42_000 }, NOW - 90_000).text).toBe('offline 0:42');
  });
  test('how far the gateway is behind Kafka, or since when it has not reached it', () => {
    const behind = words({
      kind: 'upstream',
      upstream: { state: 'behind', since: NOW, lagOffsets: 18_240, lagMs: 4_200 },
    });
    expect([behind.shape, behind.text, behind.footer]).toEqual([
      'warning',
      'Lag 4.2 s',
      'Gateway is 18,240 offsets behind Kafka',
    ]);
    const gone = words({ kind: 'upstream', upstream: { state: 'unreachable', since: NOW - 8_000 } });
    expect([gone.text, gone.footer]).toEqual(['No Kafka 8 s', 'The gateway has not reached Kafka since 12:04:45']);
  });
  test('since when it is paused', () => {
    expect(words({ kind: 'live', newest: NOW }, NOW - 38_000)).toMatchObject({
      shape: 'paused',
      text: '0:38',
      age: '',
    });
  });
});
