// The field that somebody meant who wrote another one: a slip of one or two letters, or the name that other formats use.

const FIELDS = [
  'metric',
  'value',
  'time',
  'labels',
  'unit',
  'kind',
  'interval',
  'description',
  'emitter',
  'ended',
] as const;

const OTHER_NAMES: Readonly<Record<string, string>> = {
  name: 'metric',
  timestamp: 'time',
  ts: 'time',
  timestamp_ms: 'time',
  tags: 'labels',
  dimensions: 'labels',
  attributes: 'labels',
  type: 'kind',
  units: 'unit',
  source: 'emitter',
  help: 'description',
};

const SLIP_MAX = 2;

export function nearestField(field: string): string | undefined {
  const lower = field.toLowerCase();
  if (Object.hasOwn(OTHER_NAMES, lower)) return OTHER_NAMES[lower];
  if (lower.length > 20) return undefined;
  let nearest: string | undefined;
  let least = SLIP_MAX + 1;
  for (const known of FIELDS) {
    const slips = distance(lower, known);
    if (slips < least && slips < known.length / 2) [nearest, least] = [known, slips];
  }
  return nearest;
}

/** Letters to change, add, remove or swap with their neighbour. */
function distance(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const isSame = a[i - 1] === b[j - 1];
      let least = Math.min(at(rows, i - 1, j) + 1, (row[j - 1] ?? 0) + 1, at(rows, i - 1, j - 1) + (isSame ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        least = Math.min(least, at(rows, i - 2, j - 2) + 1);
      row.push(least);
    }
    rows.push(row);
  }
  return at(rows, a.length, b.length);
}

function at(rows: readonly number[][], i: number, j: number): number {
  return rows[i]?.[j] ?? 0;
}
