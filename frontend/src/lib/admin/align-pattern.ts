// A pattern laid over a topic, segment by segment, to show what matches what.
export interface SegmentPair {
  readonly want: string;
  readonly have: string;
  readonly isStar: boolean;
  /** The pattern's segment lets the topic's through. */
  readonly isEqual: boolean;
}

export function alignPattern(pattern: string, topic: string): SegmentPair[] {
  const want = pattern.split('.');
  const have = topic.split('.');
  const pairs: SegmentPair[] = [];
  for (let at = 0; at < Math.max(want.length, have.length); at++) {
    const segment = want[at] ?? '';
    if (segment === '**') {
      const rest = have.slice(at).join('.');
      pairs.push({ want: '**', have: rest, isStar: true, isEqual: rest !== '' });
      return pairs;
    }
    const other = have[at] ?? '';
    const isStar = segment === '*';
    pairs.push({ want: segment, have: other, isStar, isEqual: other !== '' && (isStar || segment === other) });
  }
  return pairs;
}

const PLACES = ['first', 'second', 'third', 'fourth', 'fifth', 'sixth'] as const;

/** "third segment differs"; empty where the pattern matches. */
export function differenceText(pattern: string, topic: string): string {
  const places = alignPattern(pattern, topic).flatMap(({ isEqual }, at) =>
    isEqual ? [] : [PLACES[at] ?? `${at + 1}th`],
  );
  if (places.length === 0) return '';
  return places.length === 1 ? `${places[0]} segment differs` : `${places.slice(0, 3).join(', ')} segments differ`;
}
