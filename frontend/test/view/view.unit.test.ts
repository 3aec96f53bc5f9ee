import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  nextView,
  parseWindow,
  rangeOf,
  spanOf,
  VIEW_START,
  type View,
  WINDOW_MAX_MS,
  WINDOW_MIN_MS,
} from '#lib/view/view.ts';
import { readView, writeView } from '#lib/view/view-url.ts';

const NOW = 1_764_000_000_000;

describe('a view', () => {
  test('follows, pauses where it is, and goes back to live with its window', () => {
    const paused = nextView(VIEW_START, { type: 'pause', now: NOW });
    expect(paused).toEqual({ mode: 'paused', windowMs: 300_000, at: NOW });
    expect(rangeOf(paused, NOW + 60_000)).toEqual({ from: NOW - 300_000, to: NOW });
    expect(nextView(paused, { type: 'live' })).toEqual(VIEW_START);
  });
  test('a second pause does not move the moment of the first', () => {
    const paused = nextView(VIEW_START, { type: 'pause', now: NOW });
    expect(nextView(paused, { type: 'pause', now: NOW + 5_000 })).toBe(paused);
  });
  test('steps through the presets and stays at the outermost', () => {
    let view: View = VIEW_START;
    const spans: number[] = [];
    for (let step = 0; step < 6; step++) {
      view = nextView(view, { type: 'wider', now: NOW });
      spans.push(spanOf(view) / 60_000);
    }
    expect(spans).toEqual([15, 60, 360, 1440, 1440, 1440]);
  });
  test('moving into the past detaches; moving past now is live again', () => {
    const back = nextView(VIEW_START, { type: 'move', direction: -1, now: NOW });
    expect(back).toEqual({ mode: 'detached', windowMs: 300_000, from: NOW - 450_000, to: NOW - 150_000 });
    expect(nextView(back, { type: 'move', direction: 1, now: NOW }).mode).toBe('following');
    expect(nextView(VIEW_START, { type: 'move', direction: 1, now: NOW })).toBe(VIEW_START);
  });
  test('whatever is done, the range has a sound length and does not reach into the future', () => {
    const event = fc.oneof(
      fc.constantFrom('pause', 'live', 'narrower', 'wider').map((type) => ({ type, now: NOW }) as never),
      fc.integer({ min: -1e9, max: 1e9 }).map((windowMs) => ({ type: 'window' as const, windowMs, now: NOW })),
      fc
        .tuple(fc.integer({ min: NOW - 1e8, max: NOW + 1e6 }), fc.integer({ min: NOW - 1e8, max: NOW + 1e6 }))
        .map(([from, to]) => ({ type: 'look' as const, from, to, now: NOW })),
      fc.constantFrom(-1 as const, 1 as const).map((direction) => ({ type: 'move' as const, direction, now: NOW })),
    );
    fc.assert(
      fc.property(fc.array(event, { maxLength: 20 }), (events) => {
        const { from, to } = rangeOf(events.reduce(nextView, VIEW_START), NOW);
        expect(to).toBeLessThanOrEqual(NOW);
        expect(to - from).toBeGreaterThanOrEqual(WINDOW_MIN_MS);
        expect(to - from).toBeLessThanOrEqual(WINDOW_MAX_MS);
      }),
    );
  });
  test('a window can be typed', () => {
    expect(['13h', '90s', '5 min', '1d', '2d', '1s', 'soon'].map(parseWindow)).toEqual([
      46_800_000,
      90_000,
      300_000,
      86_400_000,
      undefined,
      undefined,
      undefined,
    ]);
  });
});

describe('a link', () => {
  test('shows what its sender saw', () => {
    const link = {
      view: nextView(VIEW_START, { type: 'move', direction: -1, now: NOW }),
      cursor: NOW - 200_000,
      hidden: ['eu, west', 'p99'],
    };
    const text = writeView(new URLSearchParams('tab=metrics'), link).toString();
    expect(new URLSearchParams(text).get('tab')).toBe('metrics');
    expect(readView(new URLSearchParams(text))).toEqual(link);
  });
  test('of a paused view is its range, so that it shows the same an hour later', () => {
    const paused = nextView(VIEW_START, { type: 'pause', now: NOW });
    const { view } = readView(writeView(new URLSearchParams(), { view: paused, cursor: null, hidden: [] }));
    expect(rangeOf(view, NOW + 3_600_000)).toEqual(rangeOf(paused, NOW));
  });
  test('that makes no sense is the default', () => {
    expect(readView(new URLSearchParams('from=5&to=1&window=9y&cursor=x')).view).toEqual(VIEW_START);
  });
});
