// The sizes that the codec promises, on measured data and on the worst there is.
import type { Delta } from '@tidewatch/schemas/delta';
import { createStreamDecoder, createStreamEncoder, encodeHistory } from '@tidewatch/schemas/wire/encoder';
import { expect, test } from 'vitest';
import { gorillaBits } from '../../bench/gorilla.ts';
import { readTrace, traceDeltas, traceHistory, traceSnapshot } from '../../bench/trace.ts';

const trace = readTrace();

test('the trace takes at most 2.3 bytes a point, one tick a frame, framing counted, and comes back to the bit', () => {
  const encoder = createStreamEncoder('binary');
  const decoder = createStreamDecoder('binary');
  decoder.decode(encoder.snapshot(traceSnapshot(trace)));
  let bytes = 0;
  for (const delta of traceDeltas(trace)) {
    const payload = encoder.delta(delta);
    bytes += payload.length;
    const frame = decoder.decode(payload);
    if (frame.kind !== 'delta') throw new Error(frame.kind);
    expect(plain(frame.delta)).toEqual(plain(delta));
  }
  expect(bytes / trace.points).toBeLessThanOrEqual(2.3);
  expect(bytes / trace.points).toBeGreaterThan(1.47);
});

test('history takes at most 1.8 bytes a point', () => {
  const payload = encodeHistory(traceHistory(trace), 'binary');
  expect(payload.length / trace.points).toBeLessThanOrEqual(1.8);
  expect(createStreamDecoder('binary').decode(payload)).toEqual({ kind: 'history', history: traceHistory(trace) });
});

test.each([
  ['uniform', () => random()],
  ['signed', () => random() * 2_000 - 1_000],
  ['over many orders of size', () => Math.exp(random() * 60 - 30)],
  ['slowly moving', (i: number) => 50 + 10 * Math.sin(i / 40) + random() / 1_000],
])('full mantissas, %s: at most 1 %% worse than XOR over 256 ticks', (_, next) => {
  const columns = Array.from({ length: 64 }, (_, id) => Float64Array.from({ length: 256 }, (_, i) => next(i + id)));
  const rows = Array.from({ length: 256 }, (_, i) => columns.map((column) => column[i] as number));
  const wide = { names: columns.map((_, id) => `m${id}`), rows, points: 64 * 256 };
  const encoder = createStreamEncoder('binary');
  // A first snapshot without samples: every value is in a delta.
  encoder.snapshot({ ...traceSnapshot(wide), series: [] });
  const deltas = traceDeltas({ ...wide, rows: [[], ...rows] });
  const bytes = deltas.reduce((sum, delta) => sum + encoder.delta(delta).length, 0);
  const sizes = columns.map(gorillaBits);
  const control = rows.reduce((sum, _, i) => {
    return sum + Math.ceil(sizes.reduce((bits, column) => bits + (column[i] as number), 0) / 8) + HEAD_BYTES;
  }, 0);
  expect(bytes / control).toBeLessThanOrEqual(1.01);
});

/** What the head of a frame takes in either form. */
const HEAD_BYTES = 5;

let seed = 1;
/** All 53 bits, the same in every run (xorshift). */
function random(): number {
  const next = () => {
    seed ^= seed << 13;
    seed ^= seed >>> 17;
    seed ^= seed << 5;
    return seed >>> 0;
  };
  return (next() * 2 ** 21 + (next() >>> 11)) / 2 ** 53;
}

function plain(delta: Delta) {
  const buckets = delta.buckets.map(({ time, series, last, min, max }) => {
    return { time, columns: [series, last, min, max].map((column) => Array.from(column)) };
  });
  return { ...delta, buckets };
}
