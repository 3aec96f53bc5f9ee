import { describe, expect, test } from 'vitest';
import { isAllStale, type PanelFacts, panelState } from '#lib/panels/panel-state.ts';

const NOW = 1_764_000_000_000;
const live: PanelFacts = {
  refusal: null,
  error: null,
  loadingSince: null,
  offlineSince: null,
  upstream: { state: 'live', since: 0 },
  series: [
    { name: 'a', state: 'fresh', arrival: NOW - 1_000 },
    { name: 'b', state: 'fresh', arrival: NOW },
  ],
  isWindowEmpty: false,
};

describe('a panel', () => {
  test('is live where nothing is wrong', () => {
    expect(panelState(live)).toEqual({ kind: 'live', newest: NOW });
  });
  test('names the first cause that applies', () => {
    const behind = { state: 'behind', since: NOW, lagOffsets: 9, lagMs: 4_200 } as const;
    const series = [{ name: 'a', state: 'stale' as const, arrival: NOW - 42_000 }];
    const all = {
      ...live,
      series,
      upstream: behind,
      offlineSince: NOW,
      loadingSince: NOW,
      error: 'broken',
      refusal: { reason: 'no grant', owner: 'Payments' },
    };
    expect(panelState(all).kind).toBe('forbidden');
    expect(panelState({ ...all, refusal: null }).kind).toBe('error');
    expect(panelState({ ...all, refusal: null, error: null }).kind).toBe('loading');
    expect(panelState({ ...all, refusal: null, error: null, loadingSince: null }).kind).toBe('offline');
    expect(panelState({ ...live, series, upstream: behind }).kind).toBe('upstream');
    expect(panelState({ ...live, series }).kind).toBe('stale');
  });
  test('with some silent series says which, and is hatched only when all are', () => {
    const some = panelState({
      ...live,
      series: [...live.series, { name: 'relay-2', state: 'stale', arrival: NOW - 42_000 }],
    });
    expect(some).toEqual({ kind: 'stale', since: NOW - 42_000, stale: 1, series: 3, names: ['relay-2'] });
    expect(isAllStale(some)).toBe(false);
    expect(
      isAllStale(
        panelState({
          ...live,
          series: [
            { name: 'a', state: 'stale', arrival: 1 },
            { name: 'b', state: 'ended', arrival: 1 },
          ],
        }),
      ),
    ).toBe(true);
  });
  test('whose series have all ended has ended, and does not go stale', () => {
    expect(panelState({ ...live, series: live.series.map((s) => ({ ...s, state: 'ended' as const })) })).toEqual({
      kind: 'ended',
      at: NOW,
    });
  });
  test('without a sample in its window says when the last one was', () => {
    expect(panelState({ ...live, isWindowEmpty: true })).toEqual({ kind: 'empty', lastSeen: NOW });
  });
});
