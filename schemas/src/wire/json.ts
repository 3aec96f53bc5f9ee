// The JSON form of snapshots, deltas and history: for wscat, curl and learning, one object a message. Exact like the
// binary form: null stands for "no value" (NaN), -0 is written -0, and an infinity as 1e999, which every parser reads
// back as one. It has no state, so a merged delta looks like any other.
import { z } from 'zod';
import type { BucketColumns, Delta } from '../delta.ts';
import { SeriesState } from '../freshness.ts';
import { type History, type HistorySeries, StepMs } from '../history.ts';
import { SeriesDef } from '../series.ts';
import type { Snapshot } from '../snapshot.ts';
import { type Frame, FrameError, type StreamDecoder, type StreamEncoder } from './codec.ts';

const Value = z.custom<number | null>((value) => value === null || typeof value === 'number', 'a number or null');
const Time = z.number();
const SeriesId = z.number().int().min(0);
/** [series, value] where the bucket holds one value, [series, last, min, max] where they differ. */
const BucketRow = z.tuple([SeriesId, Value]).or(z.tuple([SeriesId, Value, Value, Value]));
/** [time, value] or [time, last, min, max]. */
const HistoryRow = z.tuple([Time, Value]).or(z.tuple([Time, Value, Value, Value]));

const JsonSnapshot = z.object({
  type: z.literal('snapshot'),
  topicId: z.number(),
  epoch: z.string(),
  seq: z.number(),
  at: Time,
  stepMs: z.number().positive(),
  series: z.array(
    SeriesDef.extend({
      state: SeriesState,
      arrival: Time,
      time: Time,
      last: Value,
      /** Left out where they equal `last`. */
      min: Value.optional(),
      max: Value.optional(),
    }),
  ),
});
/** Empty lists and a missing checksum are left out. */
const JsonDelta = z.object({
  type: z.literal('delta'),
  topicId: z.number(),
  from: z.number(),
  to: z.number(),
  at: Time,
  defs: z.array(SeriesDef).optional(),
  retired: z.array(SeriesId).optional(),
  states: z.array(z.tuple([SeriesId, SeriesState])).optional(),
  ages: z.array(z.tuple([SeriesId, z.number()])).optional(),
  buckets: z.array(z.object({ time: Time, rows: z.array(BucketRow) })).optional(),
  checksum: z.number().optional(),
});
const JsonHistory = z.object({
  type: z.literal('history'),
  topicId: z.number(),
  request: z.number(),
  epoch: z.string(),
  seq: z.number(),
  stepMs: StepMs,
  from: Time,
  to: Time,
  completeFrom: Time,
  series: z.array(z.object({ id: SeriesId, rows: z.array(HistoryRow) })),
});
export const JsonFrame = z.discriminatedUnion('type', [JsonSnapshot, JsonDelta, JsonHistory]);

export function createJsonEncoder(): StreamEncoder {
  return { snapshot: snapshotText, delta: deltaText, merged: deltaText };
}

export function createJsonDecoder(): StreamDecoder {
  return {
    decode(payload) {
      if (typeof payload !== 'string') throw new FrameError('A frame of the JSON subprotocol is text.');
      return frameOf(payload);
    },
  };
}

export function historyText(history: History): string {
  const { topicId, request, epoch, seq, stepMs, from, to, completeFrom } = history;
  const head = JSON.stringify({ type: 'history', topicId, request, epoch, seq, stepMs, from, to, completeFrom });
  const series = history.series.map((one) => `{"id":${one.id},"rows":${rowsText(one.time, one)}}`);
  return `${head.slice(0, -1)},"series":[${series.join()}]}`;
}

function snapshotText({ topicId, epoch, seq, at, stepMs, series }: Snapshot): string {
  const head = JSON.stringify({ type: 'snapshot', topicId, epoch, seq, at, stepMs });
  const rows = series.map(({ def, state, arrival, time, last, min, max }) => {
    const range = Object.is(min, last) && Object.is(max, last) ? '' : `,"min":${text(min)},"max":${text(max)}`;
    return `${JSON.stringify({ ...def, state, arrival, time }).slice(0, -1)},"last":${text(last)}${range}}`;
  });
  return `${head.slice(0, -1)},"series":[${rows.join()}]}`;
}

function deltaText({ topicId, from, to, at, defs, retired, states, ages, buckets, checksum }: Delta): string {
  const rest = {
    ...(defs.length > 0 && { defs }),
    ...(retired.length > 0 && { retired }),
    ...(states.length > 0 && { states }),
    ...(ages.length > 0 && { ages }),
    ...(checksum !== null && { checksum }),
  };
  const head = JSON.stringify({ type: 'delta', topicId, from, to, at, ...rest });
  if (buckets.length === 0) return head;
  const groups = buckets.map((group) => `{"time":${group.time},"rows":${rowsText(group.series, group)}}`);
  return `${head.slice(0, -1)},"buckets":[${groups.join()}]}`;
}

type Values = Pick<BucketColumns, 'last' | 'min' | 'max'>;

function rowsText(keys: ArrayLike<number>, { last, min, max }: Values): string {
  const rows: string[] = [];
  for (let i = 0; i < keys.length; i++) {
    const [value, low, high] = [last[i] as number, min[i] as number, max[i] as number];
    const range = Object.is(low, value) && Object.is(high, value) ? '' : `,${text(low)},${text(high)}`;
    rows.push(`[${keys[i]},${text(value)}${range}]`);
  }
  return `[${rows.join()}]`;
}

function text(value: number): string {
  if (Number.isNaN(value)) return 'null';
  if (value === 0 && 1 / value < 0) return '-0';
  if (value === Number.POSITIVE_INFINITY) return '1e999';
  return value === Number.NEGATIVE_INFINITY ? '-1e999' : String(value);
}

function frameOf(payload: string): Frame {
  let json: unknown;
  try {
    json = JSON.parse(payload);
  } catch (error) {
    throw new FrameError('The frame is not JSON.', { cause: error });
  }
  const parsed = JsonFrame.safeParse(json);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new FrameError(`The frame is not one: ${issue?.path.map(String).join('.')}: ${issue?.message}.`);
  }
  const frame = parsed.data;
  switch (frame.type) {
    case 'snapshot': {
      const series = frame.series.map(({ state, arrival, time, last, min = last, max = last, ...def }) => {
        return { def, state, arrival, time, last: last ?? Number.NaN, min: min ?? Number.NaN, max: max ?? Number.NaN };
      });
      const { topicId, epoch, seq, at, stepMs } = frame;
      return { kind: 'snapshot', snapshot: { topicId, epoch, seq, at, stepMs, series } };
    }
    case 'delta': {
      const { topicId, from, to, at, defs = [], retired = [], states = [], ages = [], checksum = null } = frame;
      const buckets = (frame.buckets ?? []).map(({ time, rows }): BucketColumns => {
        return { time, series: Uint32Array.from(rows, ([id]) => id), ...columnsOf(rows) };
      });
      return { kind: 'delta', delta: { topicId, from, to, at, defs, retired, states, ages, buckets, checksum } };
    }
    case 'history': {
      const { type: _, series: all, ...head } = frame;
      const series = all.map(({ id, rows }): HistorySeries => {
        return { id, time: Float64Array.from(rows, ([time]) => time), ...columnsOf(rows) };
      });
      return { kind: 'history', history: { ...head, series } };
    }
  }
}

type Row = readonly [number, number | null, (number | null)?, (number | null)?];

function columnsOf(rows: readonly Row[]): Values {
  const at = (row: Row, cell: 1 | 2 | 3) => (row.length === 2 ? row[1] : row[cell]) ?? Number.NaN;
  return {
    last: Float64Array.from(rows, (row) => at(row, 1)),
    min: Float64Array.from(rows, (row) => at(row, 2)),
    max: Float64Array.from(rows, (row) => at(row, 3)),
  };
}
