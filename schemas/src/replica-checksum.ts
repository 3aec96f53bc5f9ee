// One number over the state of a topic as one selection sees it, so that a client can prove that it holds what the
// server holds. Independent of order; every NaN counts as the same.
import { SERIES_STATES, type SeriesState } from './freshness.ts';

/** The newest bucket of one series at the stream's stepMs. `time` is 0 and the values NaN where it has had no sample. */
export interface ChecksumRow {
  readonly id: number;
  readonly time: number;
  readonly last: number;
  readonly min: number;
  readonly max: number;
  readonly state: SeriesState;
}

const double = new Float64Array(1);
const words = new Uint32Array(double.buffer);

/** Unsigned 32 bits: the sum of a hash a series (MurmurHash3 over id, state, and the eight words of time and values). */
export function replicaChecksum(rows: Iterable<ChecksumRow>): number {
  let sum = 0;
  for (const { id, time, last, min, max, state } of rows) {
    let hash = mix(mix(0, id), SERIES_STATES.indexOf(state));
    hash = mixDouble(mixDouble(mixDouble(mixDouble(hash, time), last), min), max);
    sum = (sum + finish(hash)) >>> 0;
  }
  return sum;
}

function mixDouble(hash: number, value: number): number {
  double[0] = value;
  if (Number.isNaN(value)) {
    words[0] = 0;
    words[1] = 0x7ff80000;
  }
  return mix(mix(hash, words[0] as number), words[1] as number);
}

function mix(hash: number, word: number): number {
  let k = Math.imul(word, 0xcc9e2d51);
  k = Math.imul((k << 15) | (k >>> 17), 0x1b873593);
  const h = hash ^ k;
  return (Math.imul((h << 13) | (h >>> 19), 5) + 0xe6546b64) | 0;
}

function finish(hash: number): number {
  let h = hash;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
