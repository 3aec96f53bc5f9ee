// A snapshot: definitions, then per series its newest bucket and state, and what the stream's table holds of it, so that
// who starts here can take the next delta.
import { SERIES_STATES, type SeriesState } from '../freshness.ts';
import type { Snapshot, SnapshotSeries } from '../snapshot.ts';
import type { BitReader } from './bit-reader.ts';
import type { BitWriter } from './bit-writer.ts';
import { putRange } from './bucket-groups.ts';
import { getDefinitions, putDefinitions } from './definitions.ts';
import { getStepMs, getTimeAndValue, PLAIN_PARAM, putTimeAndValue } from './delta-frame.ts';
import { getParam, putParam } from './number-param.ts';
import { getNumber } from './number-reader.ts';
import { type SeriesEntry, type StreamState, seriesEntry } from './series-table.ts';

export function putSnapshot(writer: BitWriter, state: StreamState, snapshot: Snapshot): void {
  const { epoch, seq, at, stepMs, series } = snapshot;
  writer.putText(epoch);
  writer.putVar(seq, 7);
  writer.putVar(at, 7);
  writer.putSigned(at - state.at, 7);
  writer.putSigned(state.atStep, 7);
  writer.putVar(stepMs, 7);
  putDefinitions(
    writer,
    series.map(({ def }) => def),
  );
  const step = Math.floor(at / stepMs);
  for (const one of series) putSeries(writer, one, state.table.find(one.def.id), at, step, stepMs);
}

/**
 * State; a flag and the arrival in ms before the snapshot; whether the table holds it, and then its parameter; time,
 * last and range; and, in the table, whether it holds the same bucket, or which.
 */
function putSeries(
  writer: BitWriter,
  series: SnapshotSeries,
  entry: SeriesEntry | undefined,
  at: number,
  step: number,
  stepMs: number,
): void {
  const { state, arrival, time, last, min, max } = series;
  const param = entry?.param ?? PLAIN_PARAM;
  writer.put(SERIES_STATES.indexOf(state), 2);
  writer.flag(arrival > 0);
  if (arrival > 0) writer.putSigned(Math.round(at - arrival), 10);
  writer.flag(entry !== undefined);
  if (entry !== undefined) putParam(writer, param);
  putTimeAndValue(writer, param, time, last, step, stepMs);
  if (time > 0) putRange(writer, param, Number.NaN, last, min, max);
  if (entry === undefined) return;
  const isSame = entry.time === time && Object.is(entry.value, last);
  writer.flag(isSame);
  if (!isSame) putTimeAndValue(writer, param, entry.time, entry.value, step, stepMs);
}

export function getSnapshot(reader: BitReader, state: StreamState, topicId: number): Snapshot {
  const epoch = reader.getText();
  const seq = reader.getVar(7);
  const at = reader.getVar(7);
  state.at = at - reader.getSigned(7);
  state.atStep = reader.getSigned(7);
  const stepMs = getStepMs(reader);
  const step = Math.floor(at / stepMs);
  const entries: SeriesEntry[] = [];
  const series = getDefinitions(reader).map((def): SnapshotSeries => {
    const value = SERIES_STATES[reader.get(2)] as SeriesState;
    const arrival = reader.flag() ? at - reader.getSigned(10) : 0;
    const isInTable = reader.flag();
    const param = isInTable ? getParam(reader) : PLAIN_PARAM;
    const [last, time] = getTimeAndValue(reader, param, step, stepMs);
    const isRange = time > 0 && reader.flag();
    const from = last;
    const min = isRange ? getNumber(reader, param, from) : last;
    const max = isRange ? getNumber(reader, param, from) : last;
    if (isInTable) {
      const [entryValue, entryTime] = reader.flag() ? [last, time] : getTimeAndValue(reader, param, step, stepMs);
      entries.push(seriesEntry(def.id, param, entryValue, entryTime));
    }
    return { def, state: value, arrival, time, last, min, max };
  });
  reader.end();
  state.table.clear();
  state.table.put(entries);
  state.seq = seq;
  state.stepMs = stepMs;
  return { topicId, epoch, seq, at, stepMs, series };
}
