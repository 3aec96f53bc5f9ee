import { expect, test } from 'vitest';
import { Marks } from '../../src/metrics/marks.ts';
import { createStepLog, LOG_MAX_BYTES, LOG_STEPS_MAX } from '../../src/publish/step-log.ts';

function marksOf(second: number, ...ids: number[]): Marks {
  const marks = new Marks();
  for (const id of ids) marks.markSecond(second, id);
  return marks;
}

test('what lies after a number is the union of its steps, and no step is changed by asking', () => {
  const log = createStepLog();
  log.add(marksOf(10, 1, 2));
  log.add(marksOf(10, 2, 40));
  log.add(marksOf(11, 3));
  for (let again = 0; again < 2; again++) {
    const union = log.since(0);
    expect([...(union.seconds.get(10)?.toIds() ?? [])]).toEqual([1, 2, 40]);
    expect([...(union.seconds.get(11)?.toIds() ?? [])]).toEqual([3]);
    expect([...(log.since(1).seconds.get(10)?.toIds() ?? [])]).toEqual([2, 40]);
  }
  expect(log.since(3).isEmpty).toBe(true);
});

test('it reaches back as many steps as it may hold, and no number is ahead of it', () => {
  const log = createStepLog();
  for (let at = 0; at < 3 * LOG_STEPS_MAX; at++) log.add(marksOf(at, 1));
  expect(log.reaches(log.head - LOG_STEPS_MAX)).toBe(true);
  expect(log.reaches(log.head - LOG_STEPS_MAX - 1)).toBe(false);
  expect(log.reaches(log.head + 1)).toBe(false);
  expect(log.since(log.head - LOG_STEPS_MAX).seconds.size).toBe(LOG_STEPS_MAX);
});

test('wide steps are held to a size', () => {
  const log = createStepLog();
  for (let at = 0; at < 300; at++) log.add(marksOf(at, 200_000));
  const bytes = log.since(log.head - 1).bytes;
  expect(log.reaches(log.head - Math.floor(LOG_MAX_BYTES / bytes) - 1)).toBe(false);
  expect(log.reaches(log.head - 10)).toBe(true);
});
