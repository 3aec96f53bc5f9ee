// What a delta says besides its buckets, and the two heads it can have: `delta` for those in step, against the state
// of the stream, and `merged` for all others, which brings the state along.
import type { Delta } from '../delta.ts';
import { SERIES_STATES, type SeriesState } from '../freshness.ts';
import type { BitReader } from './bit-reader.ts';
import type { BitWriter } from './bit-writer.ts';
import { getGroups, putGroups } from './bucket-groups.ts';
import { FrameError } from './codec.ts';
import { getDefinitions, getId, putDefinitions } from './definitions.ts';
import { decimalParam, getParam, putParam } from './number-param.ts';
import { getNumber } from './number-reader.ts';
import { putNumber } from './number-writer.ts';
import { type SeriesEntry, type StreamState, seriesEntry } from './series-table.ts';

/** What a delta may have besides buckets; the first is the highest bit. */
const PART = { retired: 32, added: 16, defs: 8, states: 4, ages: 2, checksum: 1 } as const;

/** Everything of a delta but its head. `added`: series that the table got for it, in the order of ids. */
export function putBody(
  writer: BitWriter,
  state: StreamState,
  delta: Delta,
  added: readonly SeriesEntry[],
  tick: number | null,
): void {
  const { defs, retired, states, ages, checksum } = delta;
  let parts = 0;
  if (retired.length > 0) parts |= PART.retired;
  if (added.length > 0) parts |= PART.added;
  if (defs.length > 0) parts |= PART.defs;
  if (states.length > 0) parts |= PART.states;
  if (ages.length > 0) parts |= PART.ages;
  if (checksum !== null) parts |= PART.checksum;
  writer.flag(parts !== 0);
  if (parts !== 0) {
    writer.put(parts, 6);
    if (retired.length > 0) putIds(writer, retired, (id) => id);
    if (added.length > 0) {
      putIds(
        writer,
        added,
        ({ id }) => id,
        ({ param }) => putParam(writer, param),
      );
    }
    if (defs.length > 0) putDefinitions(writer, defs);
    if (states.length > 0) {
      putIds(
        writer,
        states,
        ([id]) => id,
        ([, value]) => writer.put(SERIES_STATES.indexOf(value), 2),
      );
    }
    if (ages.length > 0)
      putIds(
        writer,
        ages,
        ([id]) => id,
        ([, age]) => writer.putSigned(Math.round(age), 7),
      );
    if (checksum !== null) writer.put32(checksum);
  }
  putGroups(writer, state, delta.at, delta.buckets, tick);
}

function putIds<Item>(
  writer: BitWriter,
  items: readonly Item[],
  idOf: (item: Item) => number,
  putRest?: (item: Item) => void,
): void {
  writer.putVar(items.length, 4);
  let before = 0;
  for (const item of items) {
    writer.putSigned(idOf(item) - before, 3);
    before = idOf(item);
    putRest?.(item);
  }
}

export function getBody(
  reader: BitReader,
  state: StreamState,
  topicId: number,
  { from, to, at }: Span,
  goesOn: boolean,
): Delta {
  const parts = reader.flag() ? reader.get(6) : 0;
  const retired = parts & PART.retired ? getIds(reader, (id) => id) : [];
  state.table.remove(retired);
  if (parts & PART.added) state.table.put(getIds(reader, (id) => seriesEntry(id, getParam(reader))));
  const defs = parts & PART.defs ? getDefinitions(reader) : [];
  const states = parts & PART.states ? getIds(reader, (id) => [id, stateOf(reader)] as const) : [];
  const ages = parts & PART.ages ? getIds(reader, (id) => [id, reader.getSigned(7)] as const) : [];
  const checksum = parts & PART.checksum ? reader.get32() : null;
  const buckets = getGroups(reader, state, at, goesOn);
  reader.end();
  return { topicId, from, to, at, defs, retired, states, ages, buckets, checksum };
}

function stateOf(reader: BitReader): SeriesState {
  return SERIES_STATES[reader.get(2)] as SeriesState;
}

function getIds<Item>(reader: BitReader, item: (id: number) => Item): Item[] {
  const count = reader.checkCount(reader.getVar(4), 4);
  const items: Item[] = [];
  for (let i = 0, id = 0; i < count; i++) {
    id = getId(reader, id, 3);
    items.push(item(id));
  }
  return items;
}

/** `from` by its lowest eight bits, the number and the time as steps from the frame before. */
export function putDeltaHead(writer: BitWriter, state: StreamState, { from, to, at }: Delta): void {
  writer.put(from % 256, 8);
  writer.putGamma(to - from);
  writer.putSigned(at - state.at - state.atStep, 5);
}

export interface Span {
  readonly from: number;
  readonly to: number;
  readonly at: number;
}

/** undefined: the frame is against a state that this decoder does not have. */
export function getDeltaHead(reader: BitReader, state: StreamState): Span | undefined {
  const isInStep = state.seq >= 0 && reader.get(8) === state.seq % 256;
  if (!isInStep) return undefined;
  const from = state.seq;
  const to = from + reader.getGamma();
  const at = state.at + state.atStep + reader.getSigned(5);
  if (to > Number.MAX_SAFE_INTEGER || at < 0 || at > Number.MAX_SAFE_INTEGER)
    throw new FrameError('A number is longer than 53 bits.');
  return { from, to, at };
}

/**
 * Numbers and times in full, and the stream's own time where this frame was made later; with a reset the width of
 * buckets, too. Then what the entries stand at after this frame.
 */
export function putMergedHead(
  writer: BitWriter,
  state: StreamState,
  { from, to, at }: Delta,
  isReset: boolean,
  entries: readonly SeriesEntry[],
): void {
  writer.flag(isReset);
  writer.putVar(from, 7);
  // Who resumes may have missed nothing.
  writer.putGamma(to - from + 1);
  writer.putVar(at, 7);
  writer.putSigned(at - state.at, 4);
  writer.putSigned(state.atStep, 7);
  if (isReset) writer.putVar(state.stepMs, 7);
  const step = Math.floor(at / state.stepMs);
  putIds(
    writer,
    entries,
    ({ id }) => id,
    (entry) => putEntry(writer, entry, step, state.stepMs),
  );
}

export function getMergedHead(reader: BitReader, state: StreamState): Span {
  const isReset = reader.flag();
  const from = reader.getVar(7);
  const to = from + reader.getGamma() - 1;
  const at = reader.getVar(7);
  state.at = at - reader.getSigned(4);
  state.atStep = reader.getSigned(7);
  if (isReset) {
    state.stepMs = getStepMs(reader);
    state.table.clear();
  }
  const { stepMs } = state;
  const step = Math.floor(at / stepMs);
  state.table.put(getIds(reader, (id) => getEntry(reader, id, step, stepMs)));
  return { from, to, at };
}

export function getStepMs(reader: BitReader): number {
  const stepMs = reader.getVar(7);
  if (stepMs === 0) throw new FrameError('Buckets have no width.');
  return stepMs;
}

/** Parameter, then a flag and, where there is a newest bucket, its time in steps before `step` and its value. */
export function putEntry(writer: BitWriter, { param, value, time }: SeriesEntry, step: number, stepMs: number): void {
  putParam(writer, param);
  putTimeAndValue(writer, param, time, value, step, stepMs);
}

export function getEntry(reader: BitReader, id: number, step: number, stepMs: number): SeriesEntry {
  const param = getParam(reader);
  return seriesEntry(id, param, ...getTimeAndValue(reader, param, step, stepMs));
}

export function putTimeAndValue(
  writer: BitWriter,
  param: number,
  time: number,
  value: number,
  step: number,
  stepMs: number,
): void {
  writer.flag(time > 0);
  if (time <= 0) return;
  writer.putSigned(step - Math.floor(time / stepMs), 2);
  putNumber(writer, param, Number.NaN, value);
}

export function getTimeAndValue(
  reader: BitReader,
  param: number,
  step: number,
  stepMs: number,
): [value: number, time: number] {
  if (!reader.flag()) return [Number.NaN, 0];
  const time = (step - reader.getSigned(2)) * stepMs;
  return [getNumber(reader, param, Number.NaN), time];
}

/** For values of series that have no parameter of their own. */
export const PLAIN_PARAM = decimalParam(false, 3, 8);
