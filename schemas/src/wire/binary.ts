// The binary form: columns of bits against what the receiver already has. docs/PROTOCOL.md describes it bit by bit.
//
// The encoder learns (number-fit.ts) and says what it chose; the decoder follows. Who is not in step gets the entries
// of the table that changed since: after any frame, all who received it stand alike. A snapshot or a resume between two
// ticks is ahead of the encoder; the frame that follows it puts that right.
import type { Delta } from '../delta.ts';
import { BitReader } from './bit-reader.ts';
import { BitWriter } from './bit-writer.ts';
import { FrameError, FrameGapError, type StreamDecoder, type StreamEncoder } from './codec.ts';
import { getBody, getDeltaHead, getMergedHead, putBody, putDeltaHead, putMergedHead } from './delta-frame.ts';
import { getHead, putHead } from './frame-head.ts';
import { getHistory } from './history-frame.ts';
import { NumberFit } from './number-fit.ts';
import { type SeriesEntry, type SeriesTable, type StreamState, seriesEntry, streamState } from './series-table.ts';
import { getSnapshot, putSnapshot } from './snapshot-frame.ts';

/** Numbers between two ticks that an encoder remembers. */
const AHEAD_MAX = 64;

export function createBinaryEncoder(): StreamEncoder {
  const state = streamState();
  const writer = new BitWriter();
  /** Numbers of snapshots made between two ticks: who comes from there has the table of the tick before. */
  const ahead = new Set<number>();
  /** Who resumed between two ticks, up to this number, needs the whole table; so does everybody at such a number. */
  let aheadUpTo = -1;
  const resumed = new Set<number>();

  /** The table as it is for this delta: without what retired, with what is new. */
  function admit(table: SeriesTable, delta: Delta): SeriesEntry[] {
    table.remove(delta.retired);
    const added = newEntries(table, delta);
    table.put(added);
    return added;
  }

  function step(delta: Delta): void {
    state.seq = delta.to;
    state.atStep = delta.at - state.at;
    state.at = delta.at;
  }

  /** Against nothing: this is the first frame, or someone numbered on without this encoder. */
  function anew(delta: Delta): Uint8Array {
    state.table.clear();
    const added = admit(state.table, delta);
    putBody(writer, state, delta, added, delta.to);
    writer.take();
    step(delta);
    return mergedFrame(state, delta, true);
  }

  /** Brings along what changed since `delta.from`. */
  function mergedFrame(from: StreamState, delta: Delta, isReset: boolean): Uint8Array {
    const since = ahead.has(delta.from) ? delta.from - 1 : delta.from;
    const changed = from.table.entries.filter(({ changedAt }) => isReset || changedAt > since);
    putHead(writer, 'merged', delta.topicId);
    putMergedHead(writer, from, delta, isReset, changed);
    putBody(writer, from, delta, [], null);
    return writer.take();
  }

  return {
    snapshot(snapshot) {
      if (state.seq < 0) {
        state.seq = snapshot.seq;
        state.at = snapshot.at;
        state.stepMs = snapshot.stepMs;
        const rows = snapshot.series.filter(({ time }) => time > 0);
        state.table.put(rows.map(({ def, time, last }) => firstEntry(def.id, last, time)));
      }
      if (snapshot.seq > state.seq) remember(ahead, snapshot.seq);
      putHead(writer, 'snapshot', snapshot.topicId);
      putSnapshot(writer, state, snapshot);
      return writer.take();
    },

    delta(delta) {
      if (delta.from !== state.seq) return anew(delta);
      // Some stand at this number by a snapshot or a resume, so all get what those lack.
      const isShared = !ahead.has(delta.from) && !resumed.has(delta.from);
      const added = admit(state.table, delta);
      putHead(writer, 'delta', delta.topicId);
      putDeltaHead(writer, state, delta);
      putBody(writer, state, delta, added, delta.to);
      step(delta);
      const frame = writer.take();
      return isShared ? frame : mergedFrame(state, delta, resumed.has(delta.from));
    },

    merged(delta, isReset) {
      if (state.seq < 0) return anew(delta);
      if (delta.to === state.seq) return mergedFrame(state, delta, isReset || delta.from <= aheadUpTo);
      aheadUpTo = Math.max(aheadUpTo, delta.to);
      remember(resumed, delta.to);
      const copy = { ...state, table: state.table.copy() };
      admit(copy.table, delta);
      return mergedFrame(copy, delta, true);
    },
  };

  /** The oldest goes when there are too many: who stands there gets the whole table. */
  function remember(numbers: Set<number>, seq: number): void {
    numbers.add(seq);
    if (numbers.size <= AHEAD_MAX) return;
    const [oldest = -1] = numbers;
    numbers.delete(oldest);
    aheadUpTo = Math.max(aheadUpTo, oldest);
  }
}

function firstEntry(id: number, value: number, time: number): SeriesEntry {
  const fit = new NumberFit();
  return { ...seriesEntry(id, 0, value, time), ...choice(fit, value), fit };
}

function choice(fit: NumberFit, value: number): { param: number; wanted: number } {
  const param = fit.first(value);
  return { param, wanted: param };
}

/** Entries for series that have buckets in this delta and none before. */
function newEntries(table: SeriesTable, delta: Delta): SeriesEntry[] {
  const added = new Map<number, SeriesEntry>();
  for (const { series, last } of delta.buckets) {
    let position = 0;
    for (let i = 0; i < series.length; i++) {
      const id = series[i] as number;
      while ((table.get(position)?.id ?? Number.POSITIVE_INFINITY) < id) position++;
      if (table.get(position)?.id === id || added.has(id)) continue;
      const entry = firstEntry(id, last[i] as number, 0);
      entry.value = Number.NaN;
      added.set(id, entry);
    }
  }
  return [...added.values()].sort((a, b) => a.id - b.id);
}

export function createBinaryDecoder(): StreamDecoder {
  const state = streamState();

  return {
    decode(payload) {
      if (typeof payload === 'string') throw new FrameError('A frame of the binary subprotocol is a binary message.');
      const reader = new BitReader(payload);
      const { kind, topicId } = getHead(reader);
      switch (kind) {
        case 'delta': {
          const span = getDeltaHead(reader, state);
          if (span === undefined)
            throw new FrameGapError(`The frame does not follow the one that ended at ${state.seq}.`);
          const delta = getBody(reader, state, topicId, span, true);
          state.seq = delta.to;
          state.atStep = delta.at - state.at;
          state.at = delta.at;
          return { kind: 'delta', delta };
        }
        case 'merged': {
          const span = getMergedHead(reader, state);
          const delta = getBody(reader, state, topicId, span, false);
          state.seq = delta.to;
          return { kind: 'delta', delta };
        }
        case 'snapshot':
          return { kind: 'snapshot', snapshot: getSnapshot(reader, state, topicId) };
        case 'history':
          return { kind: 'history', history: getHistory(reader, topicId) };
      }
    },
  };
}
