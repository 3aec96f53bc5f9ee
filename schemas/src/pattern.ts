// A pattern is a topic glob in a grant: `*` is one whole segment, `**` one or more at the end.
// Anchored, case-sensitive, no partial segments: `shop.**` matches `shop.cart` and `shop.cart.eu`, not `shop`.
import { z } from 'zod';
import { TOPIC_MAX_CHARS } from './topic.ts';

const SEGMENT = /^[A-Za-z0-9_-]+$/;

/** Says what is wrong with a pattern and how to mend it, or undefined where nothing is. */
export function patternFault(text: string): string | undefined {
  if (text.length === 0) return 'a pattern has at least one segment, such as shop.**';
  if (text.length > TOPIC_MAX_CHARS) return `a pattern has at most ${TOPIC_MAX_CHARS} characters`;
  const segments = text.split('.');
  for (const [at, segment] of segments.entries()) {
    if (segment === '**') {
      if (at !== segments.length - 1) return '** stands only at the end: it means every topic below';
    } else if (segment !== '*' && !SEGMENT.test(segment)) {
      if (segment === '') return 'a segment is empty: take out the extra dot';
      return segment.includes('*')
        ? `"${segment}" mixes * with other characters: * stands for one whole segment`
        : `"${segment}" has characters other than letters, digits, _ and -`;
    }
  }
  return undefined;
}

export const Pattern = z.string().superRefine((text, ctx) => {
  const fault = patternFault(text);
  if (fault !== undefined) ctx.addIssue({ code: 'custom', message: fault });
});
export type Pattern = z.infer<typeof Pattern>;

/** True where the pattern lets the topic through. Both are taken as valid: parse them at the edge. */
export function matchesPattern(pattern: string, topic: string): boolean {
  const want = pattern.split('.');
  const have = topic.split('.');
  for (let at = 0; at < want.length; at++) {
    if (want[at] === '**') return have.length > at;
    if (at >= have.length) return false;
    if (want[at] !== '*' && want[at] !== have[at]) return false;
  }
  return want.length === have.length;
}

/** Order of rows that match one topic: more literal segments first, then `*`, then `**`; ties by text. */
export function comparePatternPrecision(a: string, b: string): number {
  return precision(b) - precision(a) || (a < b ? -1 : a > b ? 1 : 0);
}

function precision(pattern: string): number {
  let sum = 0;
  for (const segment of pattern.split('.')) sum += segment === '**' ? 1 : segment === '*' ? 100 : 10_000;
  return sum;
}
