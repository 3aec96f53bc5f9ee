// The time of a sample: read from epoch ms or RFC 3339, and held against the gateway's window. Too far ahead is refused
// (a chart would show a future), older than all history too; both say by how much, and whether the unit looks wrong.
import { z } from 'zod';
import { spanInWords } from './fault.ts';

/** How far ahead of its arrival a sample may be: clocks differ. */
export const AHEAD_MAX_MS = 10_000;
/** The longest history that is kept; an older sample has no place. */
export const HISTORY_MS = 24 * 3_600_000;

const RFC_3339 = z.regexes.datetime({ offset: true });

/** Epoch ms of an RFC 3339 text, or undefined where it is none. */
export function parseTime(text: string): number | undefined {
  if (!RFC_3339.test(text)) return undefined;
  const time = Date.parse(text);
  return Number.isNaN(time) ? undefined : time;
}

/** What is wrong with a time at its arrival, or undefined. */
export function timeReason(time: number, arrival: number): string | undefined {
  if (time > arrival + AHEAD_MAX_MS) {
    if (isAbout(time, arrival * 1_000)) return 'looks like epoch microseconds; write epoch milliseconds';
    if (isAbout(time, arrival * 1_000_000)) return 'looks like epoch nanoseconds; write epoch milliseconds';
    return `${spanInWords(time - arrival)} in the future, limit is ${AHEAD_MAX_MS / 1_000} s`;
  }
  if (time < arrival - HISTORY_MS) {
    if (isAbout(time, arrival / 1_000)) return 'looks like epoch seconds; write epoch milliseconds';
    return `${spanInWords(arrival - time)} old, history is 24 h`;
  }
  return undefined;
}

function isAbout(a: number, b: number): boolean {
  return a > b * 0.5 && a < b * 2;
}
