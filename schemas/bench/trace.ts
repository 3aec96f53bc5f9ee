// The measured trace as a topic: one row a tick, one column a series, through the encoder as a stream would send it.
import { readFileSync } from 'node:fs';
import type { Delta } from '@tidewatch/schemas/delta';
import type { History } from '@tidewatch/schemas/history';
import type { SeriesDef } from '@tidewatch/schemas/series';
import type { Snapshot } from '@tidewatch/schemas/snapshot';

const STEP_MS = 1_000;
const BEGIN = 1_767_225_600_000;
const FIRST_SEQ = 1_000;
/** Numbers of a topic that a tick of 1 Hz spans: its beat is 50 ms. */
const SEQ_A_TICK = 20;

export interface Trace {
  readonly names: readonly string[];
  /** By row, by column. */
  readonly rows: readonly (readonly number[])[];
  readonly points: number;
}

export function readTrace(): Trace {
  const [head = '', ...lines] = readFileSync(new URL('./data/cloudwatch-trace.csv', import.meta.url), 'utf8')
    .trim()
    .split('\n');
  const rows = lines.map((line) => line.split(',').map(Number));
  return { names: head.split(','), rows, points: rows.length * head.split(',').length };
}

/** The same trace in `times` as many columns: a wide topic. */
export function widened(trace: Trace, times: number): Trace {
  const repeat = <Item>(row: readonly Item[]) => Array.from({ length: times }, () => row).flat();
  const rows = trace.rows.map(repeat);
  return { names: repeat(trace.names), rows, points: trace.points * times };
}

function defOf(metric: string, id: number): SeriesDef {
  const rest = { kind: 'gauge', unit: '1', description: '', intervalMs: STEP_MS, isIntervalDeclared: true } as const;
  return { id, metric, labels: { copy: String(id) }, ...rest, emitter: 'trace' };
}

export function traceSnapshot({ names, rows }: Trace): Snapshot {
  const series = names.map((metric, id) => {
    const value = rows[0]?.[id] as number;
    const bucket = { time: BEGIN, last: value, min: value, max: value };
    return { def: defOf(metric, id), state: 'fresh' as const, arrival: BEGIN + 12, ...bucket };
  });
  return { topicId: 3, epoch: 'm4q8z1xk', seq: FIRST_SEQ, at: BEGIN + 20, stepMs: STEP_MS, series };
}

/** One a row after the first, each a second and up to 8 ms of jitter after the one before. */
export function traceDeltas({ names, rows }: Trace): Delta[] {
  const series = Uint32Array.from(names, (_, id) => id);
  const none = { defs: [], retired: [], states: [], ages: [], checksum: null };
  return rows.slice(1).map((row, i) => {
    const from = FIRST_SEQ + i * SEQ_A_TICK;
    const at = BEGIN + (i + 1) * STEP_MS + 20 + ((i * 7_919) % 17) - 8;
    const values = Float64Array.from(row);
    const time = BEGIN + (i + 1) * STEP_MS;
    const buckets = [{ time, series, last: values, min: values, max: values }];
    return { topicId: 3, from, to: from + SEQ_A_TICK, at, ...none, buckets };
  });
}

export function traceHistory({ names, rows }: Trace): History {
  const time = Float64Array.from(rows, (_, i) => BEGIN + i * STEP_MS);
  const series = names.map((_, id) => {
    const values = Float64Array.from(rows, (row) => row[id] as number);
    return { id, time, last: values, min: values, max: values };
  });
  const to = BEGIN + rows.length * STEP_MS;
  const range = { stepMs: STEP_MS, from: BEGIN, to, completeFrom: BEGIN } as const;
  return { topicId: 3, request: 1, epoch: 'm4q8z1xk', seq: FIRST_SEQ, ...range, series };
}
