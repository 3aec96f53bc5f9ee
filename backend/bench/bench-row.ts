// One figure of a benchmark, always beside what it was measured against in the same run.

export interface BenchRow {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** The control row of the same run, in the same unit; null where the figure is exact and needs none. */
  readonly control: number | null;
  readonly ratio: number | null;
  /** What is promised, of the ratio where there is one, else of the value; null for rows that only compare. */
  readonly bar: string | null;
  readonly holds: boolean;
}

/** A module of benches, found by the part of the name before the dot. */
export interface Bench {
  readonly names: readonly string[];
  /** Measures the wanted names. `say` shows progress on stderr. */
  run(wanted: ReadonlySet<string>, say: (text: string) => void): Promise<BenchRow[]>;
}

export type Bar = { readonly atMost: number } | { readonly atLeast: number };

/** A figure held against its control: the bar is on the ratio. */
export function ratioRow(name: string, value: number, unit: string, control: number, bar: Bar | null): BenchRow {
  const ratio = value / control;
  return { name, value: round(value), unit, control: round(control), ratio: round(ratio), ...held(ratio, bar, ' x') };
}

/** A figure with a bar of its own. */
export function valueRow(name: string, value: number, unit: string, bar: Bar | null, control?: number): BenchRow {
  const ratio = control === undefined ? null : round(value / control);
  return {
    name,
    value: round(value),
    unit,
    control: control === undefined ? null : round(control),
    ratio,
    ...held(value, bar, ` ${unit}`),
  };
}

function held(figure: number, bar: Bar | null, unit: string): Pick<BenchRow, 'bar' | 'holds'> {
  if (bar === null) return { bar: null, holds: true };
  if ('atMost' in bar) return { bar: `at most ${bar.atMost}${unit}`, holds: figure <= bar.atMost };
  return { bar: `at least ${bar.atLeast}${unit}`, holds: figure >= bar.atLeast };
}

function round(figure: number): number {
  return Number(figure.toPrecision(4));
}
