// The buckets of a delta: their times, parameters that change with them, and per time which series, then their values.
// Both directions run the same steps over the same table, so that both ends stand alike after each frame.
import type { BucketColumns } from '../delta.ts';
import type { BitReader } from './bit-reader.ts';
import type { BitWriter } from './bit-writer.ts';
import { FrameError } from './codec.ts';
import { NumberFit } from './number-fit.ts';
import { getParam, putParam } from './number-param.ts';
import { getNumber } from './number-reader.ts';
import { putNumber } from './number-writer.ts';
import { getPresence, putPresence } from './presence.ts';
import type { SeriesEntry, StreamState } from './series-table.ts';

let positions = new Int32Array(1_024);

/** Every series in `groups` is in the table. `tick`: the table goes on to this number; null: it stays as it is. */
export function putGroups(
  writer: BitWriter,
  state: StreamState,
  at: number,
  groups: readonly BucketColumns[],
  tick: number | null,
): void {
  putTimes(writer, state.stepMs, at, groups);
  if (groups.length === 0) return;
  putParams(writer, state, groups, tick);
  const { entries } = state.table;
  for (const group of groups) {
    // Of a single group the parameters have just located them.
    const count = tick !== null && groups.length === 1 ? group.series.length : locate(entries, group);
    putPresence(writer, positions, count, entries.length);
    putValues(writer, entries, group, count, tick);
  }
}

/** How many: 0 one, 10 none, 11 more. Then the newest, in steps before the frame's own; then the gaps to the older. */
function putTimes(writer: BitWriter, stepMs: number, at: number, groups: readonly BucketColumns[]): void {
  const count = groups.length;
  if (count === 1) writer.put(0, 1);
  else if (count === 0) writer.put(0b10, 2);
  else {
    writer.put(0b11, 2);
    writer.putGamma(count - 1);
  }
  let step = Math.floor(at / stepMs);
  for (let i = count - 1; i >= 0; i--) {
    const own = Math.floor((groups[i] as BucketColumns).time / stepMs);
    writer.putSigned(step - own, 2);
    step = own;
  }
}

function putParams(writer: BitWriter, state: StreamState, groups: readonly BucketColumns[], tick: number | null): void {
  const { entries } = state.table;
  const changed: number[] = [];
  if (tick !== null) {
    for (const group of groups) {
      const count = locate(entries, group);
      for (let i = 0; i < count; i++) {
        const entry = entries[positions[i] as number] as SeriesEntry;
        if (entry.wanted === entry.param) continue;
        entry.param = entry.wanted;
        changed.push(positions[i] as number);
      }
    }
  }
  writer.flag(changed.length > 0);
  if (changed.length === 0) return;
  changed.sort((a, b) => a - b);
  writer.putGamma(changed.length);
  for (let i = 0, before = -1; i < changed.length; before = changed[i++] as number) {
    writer.putGamma((changed[i] as number) - before);
    putParam(writer, (entries[changed[i] as number] as SeriesEntry).param);
  }
}

/** Fills `positions` with where the group's series are in the table. */
function locate(entries: readonly SeriesEntry[], { series }: BucketColumns): number {
  const count = series.length;
  if (positions.length < entries.length) positions = new Int32Array(entries.length * 2);
  let at = 0;
  for (let i = 0; i < count; i++) {
    const id = series[i] as number;
    while ((entries[at] as SeriesEntry).id < id) at++;
    positions[i] = at++;
  }
  return count;
}

function putValues(
  writer: BitWriter,
  entries: readonly SeriesEntry[],
  group: BucketColumns,
  count: number,
  tick: number | null,
): void {
  const { time, last, min, max } = group;
  const isRanged = hasRange(group, count);
  writer.flag(isRanged);
  for (let i = 0; i < count; i++) {
    const entry = entries[positions[i] as number] as SeriesEntry;
    const before = entry.value;
    const value = last[i] as number;
    const written = putNumber(writer, entry.param, before, value);
    if (isRanged) putRange(writer, entry.param, before, value, min[i] as number, max[i] as number);
    if (tick === null) continue;
    entry.fit ??= new NumberFit();
    entry.wanted = entry.fit.next(entry.param, before, value, written);
    entry.changedAt = tick;
    if (time >= entry.time) {
      entry.value = value;
      entry.time = time;
    }
  }
}

function hasRange({ last, min, max }: BucketColumns, count: number): boolean {
  for (let i = 0; i < count; i++) if (!Object.is(min[i], last[i]) || !Object.is(max[i], last[i])) return true;
  return false;
}

/** A flag, then min and max where they differ from `value`, both against it. */
export function putRange(
  writer: BitWriter,
  param: number,
  before: number,
  value: number,
  min: number,
  max: number,
): void {
  const isRange = !Object.is(min, value) || !Object.is(max, value);
  writer.flag(isRange);
  if (!isRange) return;
  const from = Number.isNaN(value) ? before : value;
  putNumber(writer, param, from, min);
  putNumber(writer, param, from, max);
}

/** `goesOn`: the table goes on with these values, as the encoder's did. */
export function getGroups(reader: BitReader, state: StreamState, at: number, goesOn: boolean): BucketColumns[] {
  const times = getTimes(reader, state.stepMs, at);
  if (times.length === 0) return [];
  const { entries } = state.table;
  if (positions.length < entries.length) positions = new Int32Array(entries.length * 2);
  if (reader.flag()) {
    const count = reader.checkCount(reader.getGamma(), 2);
    for (let i = 0, at = -1; i < count; i++) {
      at += reader.getGamma();
      const entry = entries[at];
      if (entry === undefined) throw new FrameError(`There is no series at position ${at}.`);
      entry.param = getParam(reader);
    }
  }
  return times.map((time) => getGroup(reader, entries, time, goesOn));
}

function getTimes(reader: BitReader, stepMs: number, at: number): number[] {
  const count = reader.get(1) === 0 ? 1 : reader.get(1) === 0 ? 0 : reader.checkCount(reader.getGamma() + 1, 3);
  const times: number[] = [];
  let step = Math.floor(at / stepMs);
  for (let i = 0; i < count; i++) {
    step -= reader.getSigned(2);
    times.push(step * stepMs);
  }
  return times.reverse();
}

function getGroup(reader: BitReader, entries: readonly SeriesEntry[], time: number, goesOn: boolean): BucketColumns {
  const count = reader.checkCount(getPresence(reader, positions, entries.length), 1);
  const isRanged = reader.flag();
  const series = new Array<number>(count);
  const last = new Array<number>(count);
  const min = isRanged ? new Array<number>(count) : last;
  const max = isRanged ? new Array<number>(count) : last;
  for (let i = 0; i < count; i++) {
    const entry = entries[positions[i] as number] as SeriesEntry;
    const before = entry.value;
    const value = getNumber(reader, entry.param, before);
    series[i] = entry.id;
    last[i] = value;
    if (isRanged) {
      const from = Number.isNaN(value) ? before : value;
      const isRange = reader.flag();
      min[i] = isRange ? getNumber(reader, entry.param, from) : value;
      max[i] = isRange ? getNumber(reader, entry.param, from) : value;
    }
    if (goesOn && time >= entry.time) {
      entry.value = value;
      entry.time = time;
    }
  }
  return { time, series, last, min, max };
}
