// An answer to a history request: the same numbers in columns, one series after the other. Stands for itself: it neither
// needs nor changes the state of a stream.
import { type History, type HistorySeries, StepMs } from '../history.ts';
import type { BitReader } from './bit-reader.ts';
import { BitWriter } from './bit-writer.ts';
import { putRange } from './bucket-groups.ts';
import { FrameError } from './codec.ts';
import { getId } from './definitions.ts';
import { putHead } from './frame-head.ts';
import { NumberFit } from './number-fit.ts';
import { getParam, type NumberParam, putParam } from './number-param.ts';
import { getNumber } from './number-reader.ts';
import { putNumber } from './number-writer.ts';

/** The parameter may change before every so many points. */
const POINTS_A_PARAM = 16;

export function historyFrame(history: History): Uint8Array {
  const { topicId, request, epoch, seq, stepMs, from, to, completeFrom, series } = history;
  const writer = new BitWriter();
  putHead(writer, 'history', topicId);
  writer.putVar(request, 7);
  writer.putText(epoch);
  writer.putVar(seq, 7);
  writer.putVar(stepMs, 7);
  writer.putSigned(from, 7);
  writer.putSigned(to - from, 7);
  writer.putSigned(from - completeFrom, 7);
  writer.putVar(series.length, 4);
  let before = 0;
  for (const one of series) {
    writer.putSigned(one.id - before, 3);
    before = one.id;
    putColumn(writer, one, stepMs, Math.floor(from / stepMs));
  }
  return writer.take();
}

/** Length, first time in steps from `step`, a flag for "no step is missing" or the gaps, a flag for ranges, the values. */
function putColumn(writer: BitWriter, { time, last, min, max }: HistorySeries, stepMs: number, step: number): void {
  const count = time.length;
  writer.putVar(count, 7);
  if (count === 0) return;
  const steps = Array.from(time, (one) => Math.floor(one / stepMs));
  writer.putSigned((steps[0] as number) - step, 7);
  const isDense = steps.every((one, i) => i === 0 || one === (steps[i - 1] as number) + 1);
  writer.flag(isDense);
  if (!isDense) for (let i = 1; i < count; i++) writer.putGamma((steps[i] as number) - (steps[i - 1] as number));
  let isRanged = false;
  for (let i = 0; i < count; i++) isRanged ||= !Object.is(min[i], last[i]) || !Object.is(max[i], last[i]);
  writer.flag(isRanged);

  const fit = new NumberFit();
  let param = fit.first(last[0] as number);
  let wanted = param;
  let before = Number.NaN;
  putParam(writer, param);
  for (let i = 0; i < count; i++) {
    if (i > 0 && i % POINTS_A_PARAM === 0) {
      writer.flag(wanted !== param);
      if (wanted !== param) putParam(writer, wanted);
      param = wanted;
    }
    const value = last[i] as number;
    const written = putNumber(writer, param, before, value);
    if (isRanged) putRange(writer, param, before, value, min[i] as number, max[i] as number);
    wanted = fit.next(param, before, value, written);
    before = value;
  }
}

export function getHistory(reader: BitReader, topicId: number): History {
  const request = reader.getVar(7);
  const epoch = reader.getText();
  const seq = reader.getVar(7);
  const stepMs = StepMs.safeParse(reader.getVar(7));
  if (!stepMs.success) throw new FrameError('There is no history of this bucket width.');
  const from = reader.getSigned(7);
  const to = from + reader.getSigned(7);
  const completeFrom = from - reader.getSigned(7);
  const step = Math.floor(from / stepMs.data);
  const count = reader.checkCount(reader.getVar(4), 12);
  const series: HistorySeries[] = [];
  for (let i = 0, id = 0; i < count; i++) {
    id = getId(reader, id, 3);
    series.push(getColumn(reader, id, stepMs.data, step));
  }
  reader.end();
  return { topicId, request, epoch, seq, stepMs: stepMs.data, from, to, completeFrom, series };
}

function getColumn(reader: BitReader, id: number, stepMs: number, step: number): HistorySeries {
  const count = reader.checkCount(reader.getVar(7), 1);
  const time = new Float64Array(count);
  const last = new Float64Array(count);
  if (count === 0) return { id, time, last, min: last, max: last };
  let at = step + reader.getSigned(7);
  const isDense = reader.flag();
  for (let i = 0; i < count; i++) {
    if (i > 0) at += isDense ? 1 : reader.getGamma();
    time[i] = at * stepMs;
  }
  const isRanged = reader.flag();
  const min = isRanged ? new Float64Array(count) : last;
  const max = isRanged ? new Float64Array(count) : last;
  let param: NumberParam = getParam(reader);
  let before = Number.NaN;
  for (let i = 0; i < count; i++) {
    if (i > 0 && i % POINTS_A_PARAM === 0 && reader.flag()) param = getParam(reader);
    const value = getNumber(reader, param, before);
    last[i] = value;
    if (isRanged) {
      const from = Number.isNaN(value) ? before : value;
      const isRange = reader.flag();
      min[i] = isRange ? getNumber(reader, param, from) : value;
      max[i] = isRange ? getNumber(reader, param, from) : value;
    }
    before = value;
  }
  return { id, time, last, min, max };
}
