// How two patterns relate, for who may grant what: does one cover every topic of the other, do they share a topic.

/** True where every topic that `narrow` can match, `wide` matches too. */
export function coversPattern(wide: string, narrow: string): boolean {
  const w = wide.split('.');
  const n = narrow.split('.');
  for (let at = 0; at < w.length; at++) {
    if (w[at] === '**') return n.length > at;
    const have = n[at];
    if (have === undefined || have === '**') return false;
    if (w[at] !== '*' && w[at] !== have) return false;
  }
  return w.length === n.length;
}

/** True where some topic is matched by both. */
export function overlapPattern(a: string, b: string): boolean {
  const x = a.split('.');
  const y = b.split('.');
  for (let at = 0; ; at++) {
    const left = x[at];
    const right = y[at];
    if (left === undefined || right === undefined) return left === right;
    if (left === '**' || right === '**') return true;
    if (left !== '*' && right !== '*' && left !== right) return false;
  }
}
