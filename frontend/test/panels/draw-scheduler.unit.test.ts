import { describe, expect, test } from 'vitest';
import { CHARTS_PER_FRAME_MAX, createDrawScheduler } from '#lib/panels/draw-scheduler.ts';

/** A browser of which the test turns the handle: time, frames of 16 ms and timers. */
function createFakeFrames() {
  let now = 1_000;
  let frame: (() => void) | null = null;
  let timer: { at: number; callback: () => void } | null = null;
  return {
    setup: {
      now: () => now,
      requestFrame: (callback: () => void) => {
        frame = callback;
        return 1;
      },
      cancelFrame: () => {
        frame = null;
      },
      setTimer: (callback: () => void, ms: number) => {
        timer = { at: now + ms, callback };
        return 0 as never;
      },
      clearTimer: () => {
        timer = null;
      },
    },
    spend: (ms: number) => {
      now += ms;
    },
    isIdle: () => frame === null,
    run(ms: number) {
      const until = now + ms;
      while (now < until) {
        now += 16;
        if (timer !== null && now >= timer.at) {
          const { callback } = timer;
          timer = null;
          callback();
        }
        const callback = frame;
        frame = null;
        callback?.();
      }
    },
  };
}

function counter(periodMs: number, cost: () => void = () => {}) {
  const self = {
    draws: 0,
    draw: () => {
      self.draws++;
      cost();
    },
    periodMs: () => periodMs,
  };
  return self;
}

describe('the draw loop', () => {
  test('draws each chart at its own rate', () => {
    const fake = createFakeFrames();
    const scheduler = createDrawScheduler(fake.setup);
    const [fast, slow] = [counter(250), counter(1_000)];
    scheduler.add(fast);
    scheduler.add(slow);
    fake.run(10_000);
    expect(fast.draws).toBeGreaterThanOrEqual(36);
    expect(fast.draws).toBeLessThanOrEqual(41);
    expect(slow.draws).toBeGreaterThanOrEqual(9);
    expect(slow.draws).toBeLessThanOrEqual(11);
  });

  test('stops at its budget and lets every chart have its turn', () => {
    const fake = createFakeFrames();
    const scheduler = createDrawScheduler(fake.setup);
    const charts = Array.from({ length: 24 }, () => counter(0, () => fake.spend(4)));
    for (const chart of charts) scheduler.add(chart);
    fake.run(2_000);
    const draws = charts.map((chart) => chart.draws);
    expect(Math.min(...draws)).toBeGreaterThan(3);
    expect(Math.max(...draws) - Math.min(...draws)).toBeLessThanOrEqual(1);
    expect(scheduler.stats().draws / scheduler.stats().frames).toBeLessThanOrEqual(2.1);
  });

  test('never draws more charts in a frame than it may, however cheap they are', () => {
    const fake = createFakeFrames();
    const scheduler = createDrawScheduler(fake.setup);
    for (let at = 0; at < 30; at++) scheduler.add(counter(0));
    fake.run(1_600);
    const { draws, frames } = scheduler.stats();
    expect(draws / frames).toBeLessThanOrEqual(CHARTS_PER_FRAME_MAX);
  });

  test('leaves out what is not visible, and sleeps while nothing is due', () => {
    const fake = createFakeFrames();
    const scheduler = createDrawScheduler(fake.setup);
    const chart = counter(100);
    const handle = scheduler.add(chart);
    fake.run(50);
    handle.setVisible(false);
    fake.run(200);
    const before = chart.draws;
    fake.run(2_000);
    expect(chart.draws).toBe(before);
    expect(fake.isIdle()).toBe(true);
    handle.setVisible(true);
    fake.run(40);
    expect(chart.draws).toBe(before + 1);
  });

  test('a chart that is asked for is drawn in the next frame; one that was removed never again', () => {
    const fake = createFakeFrames();
    const scheduler = createDrawScheduler(fake.setup);
    const chart = counter(Number.POSITIVE_INFINITY);
    const handle = scheduler.add(chart);
    fake.run(100);
    expect(chart.draws).toBe(1);
    handle.invalidate();
    fake.run(32);
    expect(chart.draws).toBe(2);
    handle.invalidate();
    handle.remove();
    fake.run(100);
    expect(chart.draws).toBe(2);
  });

  test('a hidden tab draws nothing, and once on return', () => {
    const fake = createFakeFrames();
    const scheduler = createDrawScheduler(fake.setup);
    const chart = counter(100);
    scheduler.add(chart);
    fake.run(50);
    scheduler.setActive(false);
    const before = chart.draws;
    fake.run(5_000);
    expect(chart.draws).toBe(before);
    scheduler.setActive(true);
    fake.run(32);
    expect(chart.draws).toBe(before + 1);
  });
});
