// How fast frames are written and read on one core, in points a second of processor time. The trace, widened to a topic
// of 512 series, and as it is with 16 of them, where the frame itself weighs most. Control: the same deltas as JSON.
import type { Delta } from '@tidewatch/schemas/delta';
import type { Snapshot } from '@tidewatch/schemas/snapshot';
import { createStreamDecoder, createStreamEncoder } from '@tidewatch/schemas/wire/encoder';
import { readTrace, traceDeltas, traceSnapshot, widened } from '../../schemas/bench/trace.ts';
import { type Bench, type BenchRow, valueRow } from './bench-row.ts';

const UNIT = 'points/s';
const BAR = { atLeast: 5_000_000 };
const WIDTH = 32;
const TICKS_WIDE = 400;
/** The best of so many, each this long: the first one still compiles. */
const ROUNDS = 4;
const ROUND_US = 300_000;

interface Load {
  readonly snapshot: Snapshot;
  readonly deltas: readonly Delta[];
  readonly points: number;
}

export const bench: Bench = {
  names: ['codec.encode', 'codec.decode'],
  async run(wanted) {
    const trace = readTrace();
    const wide = widened({ ...trace, rows: trace.rows.slice(0, TICKS_WIDE) }, WIDTH);
    const loads = [wide, trace].map((one): Load => {
      const deltas = traceDeltas(one);
      return { snapshot: traceSnapshot(one), deltas, points: deltas.length * one.names.length };
    });
    const [large, small] = loads as [Load, Load];
    const rows: BenchRow[] = [];
    if (wanted.has('codec.encode')) {
      const text = best(large.points, () => large.deltas.map((delta) => JSON.stringify(plain(delta))));
      rows.push(
        valueRow(
          'codec.encode',
          best(large.points, () => encode(large)),
          UNIT,
          BAR,
          text,
        ),
      );
      rows.push(
        valueRow(
          'codec.encode.16-series',
          best(small.points, () => encode(small)),
          UNIT,
          null,
        ),
      );
    }
    if (wanted.has('codec.decode')) {
      const texts = large.deltas.map((delta) => JSON.stringify(plain(delta)));
      const text = best(large.points, () => texts.map((one) => JSON.parse(one)));
      rows.push(valueRow('codec.decode', decodeRate(large), UNIT, BAR, text));
      rows.push(valueRow('codec.decode.16-series', decodeRate(small), UNIT, null));
    }
    return rows;
  },
};

function encode({ snapshot, deltas }: Load): unknown[] {
  const encoder = createStreamEncoder('binary');
  return [encoder.snapshot(snapshot), ...deltas.map((delta) => encoder.delta(delta))];
}

function decodeRate(load: Load): number {
  const frames = encode(load) as Uint8Array[];
  return best(load.points, () => {
    const decoder = createStreamDecoder('binary');
    for (const frame of frames) decoder.decode(frame);
  });
}

function plain({ from, to, at, buckets }: Delta): unknown {
  const groups = buckets.map(({ time, series, last }) => ({
    time,
    series: Array.from(series),
    last: Array.from(last),
  }));
  return { from, to, at, buckets: groups };
}

/** Points a second of this thread's own processor time: its meter is coarse, so a round is long. */
function best(points: number, work: () => unknown): number {
  let fastest = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round++) {
    const begun = process.threadCpuUsage();
    let times = 0;
    let spent = 0;
    while (spent < ROUND_US) {
      work();
      times++;
      const { user, system } = process.threadCpuUsage(begun);
      spent = user + system;
    }
    fastest = Math.min(fastest, spent / times);
  }
  return points / (fastest / 1_000_000);
}
