// The plain counters that every stage keeps, read together. A stage names its numbers; a name that ends in `_total`
// only grows, anything else is a reading of now. Nothing here counts by itself.

/** Numbers of one stage, by name: `records_total`, `series`. */
export type StageCounters = Readonly<Record<string, number>>;
/** Stages by name: `ingest`, `metrics`, `publish`, `session`. Each is asked when somebody looks. */
export type Stages = Readonly<Record<string, () => StageCounters>>;

export interface Reading {
  /** `ingest_records_total`: the stage, then its own name. */
  readonly name: string;
  readonly kind: 'gauge' | 'counter';
  readonly value: number;
  /** UCUM, from the end of the name; of a counter the unit before "a second". */
  readonly unit: string;
}

/** Asks every stage once. Numbers that are not finite are left out: they would be drawn as what they are not. */
export function readStages(stages: Stages): Reading[] {
  const readings: Reading[] = [];
  for (const [stage, counters] of Object.entries(stages)) {
    for (const [name, value] of Object.entries(counters())) {
      if (!Number.isFinite(value)) continue;
      const kind = name.endsWith('_total') ? 'counter' : 'gauge';
      readings.push({ name: `${stage}_${name}`, kind, value, unit: unitOf(name) });
    }
  }
  return readings;
}

const UNITS = { bytes: 'By', seconds: 's', ms: 'ms' } as const;

function unitOf(name: string): string {
  const last =
    name
      .replace(/_total$/, '')
      .split('_')
      .at(-1) ?? '';
  return last in UNITS ? UNITS[last as keyof typeof UNITS] : '';
}
