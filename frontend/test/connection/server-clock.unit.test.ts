import { expect, test } from 'vitest';
import { createServerClock } from '#lib/connection/server-clock.ts';

test("the server's clock is the browser's until something is heard", () => {
  expect(createServerClock(() => 5_000).now()).toBe(5_000);
});

test('a slow message does not turn the clock back', () => {
  let local = 0;
  const clock = createServerClock(() => local);
  clock.heard(100_020, 30);
  local = 1_030;
  clock.heard(100_500, 1_030);
  expect(clock.now()).toBeGreaterThan(101_000);
  expect(clock.delayOf(100_500, 1_030)).toBeGreaterThan(500);
});

test('a clock that was set is followed at once', () => {
  let local = 0;
  const clock = createServerClock(() => local);
  clock.heard(100_000, 0);
  local = 3_600_000;
  clock.heard(101_000, 3_600_000);
  expect(clock.now()).toBe(101_000);
});
