// How many bytes a point takes on the wire, exact to the last bit, on a measured trace: one tick a frame, all framing
// counted. Controls from the same trace in the same run: JSON snapshots and deltas, those through deflate with a shared
// window, and the XOR coding of Gorilla behind the same frame heads.
import { constants, createDeflateRaw } from 'node:zlib';
import type { Delta } from '@tidewatch/schemas/delta';
import { createStreamEncoder, encodeHistory } from '@tidewatch/schemas/wire/encoder';
import { gorillaBits } from '../../schemas/bench/gorilla.ts';
import { readTrace, type Trace, traceDeltas, traceHistory, traceSnapshot } from '../../schemas/bench/trace.ts';
import { type Bench, type BenchRow, valueRow } from './bench-row.ts';

const UNIT = 'B/point';
const EXACT_BAR = 2.3;
const HISTORY_BAR = 1.8;
/** Kind, topic, number and time of a frame: what any coding of its values has to say, too. */
const HEAD_BYTES = 4;

export const bench: Bench = {
  names: ['wire.exact', 'wire.history'],
  async run(wanted) {
    const trace = readTrace();
    const rows: BenchRow[] = [];
    if (wanted.has('wire.exact')) rows.push(...(await exactRows(trace)));
    if (wanted.has('wire.history')) rows.push(...historyRows(trace));
    return rows;
  },
};

async function exactRows(trace: Trace): Promise<BenchRow[]> {
  const deltas = traceDeltas(trace);
  const points = deltas.length * trace.names.length;
  const binary = createStreamEncoder('binary');
  binary.snapshot(traceSnapshot(trace));
  const json = createStreamEncoder('json');
  const texts = deltas.map((delta) => String(json.delta(delta)));
  const changes = deltas.map((delta, i) => String(json.delta(onlyChanged(delta, deltas[i - 1]))));
  const gorilla = gorillaBytes(trace) / points;
  const compared = [
    valueRow(
      'wire.exact.json-snapshots',
      bytesOf(deltas.map((delta) => snapshotText(trace, delta))) / points,
      UNIT,
      null,
    ),
    valueRow('wire.exact.json-deltas', bytesOf(texts) / points, UNIT, null),
    valueRow('wire.exact.json-deltas-of-changes', bytesOf(changes) / points, UNIT, null),
    valueRow('wire.exact.json-deltas-deflated', (await deflated(texts)) / points, UNIT, null),
    valueRow('wire.exact.gorilla', gorilla, UNIT, null),
  ];
  const own = deltas.reduce((sum, delta) => sum + binary.delta(delta).length, 0) / points;
  return [valueRow('wire.exact', own, UNIT, { atMost: EXACT_BAR }, gorilla), ...compared];
}

function historyRows(trace: Trace): BenchRow[] {
  const history = traceHistory(trace);
  const own = encodeHistory(history, 'binary').length / trace.points;
  const json = encodeHistory(history, 'json').length / trace.points;
  const bits = history.series.reduce((sum, { last }) => sum + gorillaBits(last).reduce((a, b) => a + b, 0), 0);
  const gorilla = bits / 8 / trace.points;
  return [
    valueRow('wire.history', own, UNIT, { atMost: HISTORY_BAR }, gorilla),
    valueRow('wire.history.json', json, UNIT, null),
    valueRow('wire.history.gorilla', gorilla, UNIT, null),
  ];
}

/** Every series by its name, every tick: what a dashboard without deltas is sent. */
function snapshotText({ names }: Trace, delta: Delta): string {
  const [group] = delta.buckets;
  const series = names.map((metric, id) => ({ metric, value: group?.last[id], state: 'fresh' }));
  return JSON.stringify({ type: 'snapshot', topic: 'trace', time: group?.time, series });
}

/** Without the values that stayed: this loses which series had a sample. */
function onlyChanged(delta: Delta, before: Delta | undefined): Delta {
  const buckets = delta.buckets.map((group) => {
    const old = before?.buckets[0]?.last;
    const kept = Array.from(group.series).filter((id) => old === undefined || !Object.is(old[id], group.last[id]));
    const column = (values: ArrayLike<number>) => kept.map((id) => values[id] as number);
    return { time: group.time, series: kept, last: column(group.last), min: column(group.min), max: column(group.max) };
  });
  return { ...delta, buckets };
}

function bytesOf(texts: readonly string[]): number {
  return texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
}

/** One stream, flushed after each message, as permessage-deflate with context takeover does. */
async function deflated(texts: readonly string[]): Promise<number> {
  const stream = createDeflateRaw({ level: 6 });
  let bytes = 0;
  stream.on('data', (chunk: Buffer) => (bytes += chunk.length));
  for (const text of texts) {
    stream.write(text);
    await new Promise<void>((resolve) => stream.flush(constants.Z_SYNC_FLUSH, resolve));
    // The four bytes that end a flush are left out of a message.
    bytes -= 4;
  }
  stream.close();
  return bytes;
}

function gorillaBytes(trace: Trace): number {
  const sizes = trace.names.map((_, id) => gorillaBits(trace.rows.map((row) => row[id] as number)));
  return trace.rows.slice(1).reduce((sum, _, i) => {
    return sum + HEAD_BYTES + Math.ceil(sizes.reduce((bits, column) => bits + (column[i + 1] as number), 0) / 8);
  }, 0);
}
