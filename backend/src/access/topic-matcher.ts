// Patterns split once and kept, for the many questions that decide() is asked. Answers exactly as matchesPattern does:
// a test holds the two together.

/** Compiled patterns kept. When full, all are dropped and made again as they are asked for. */
export const MATCHERS_MAX = 20_000;

const compiled = new Map<string, readonly string[]>();

export function segmentsOf(pattern: string): readonly string[] {
  const known = compiled.get(pattern);
  if (known) return known;
  if (compiled.size >= MATCHERS_MAX) compiled.clear();
  const segments = pattern.split('.');
  compiled.set(pattern, segments);
  return segments;
}

/** `want` is a pattern's segments, `have` a topic's. */
export function segmentsMatch(want: readonly string[], have: readonly string[]): boolean {
  const length = want.length;
  for (let at = 0; at < length; at++) {
    const segment = want[at];
    if (segment === '**') return have.length > at;
    if (at >= have.length || (segment !== '*' && segment !== have[at])) return false;
  }
  return length === have.length;
}
