// Writes one double as its series' parameter says, against the value before it. Exact to the last bit, whatever the
// value: what a form cannot hold goes out of line behind an escape. The other side is number-reader.ts.
import type { BitWriter } from './bit-writer.ts';
import { INTEGER_LIMIT, integerOf, noiseOf, POWERS, scaleOf } from './decimal.ts';
import {
  DECIMAL,
  isNoisyOf,
  kindOf,
  leadOf,
  type NumberParam,
  RICE_MAX,
  riceOf,
  scaleOfParam,
  widthOf,
  XOR,
} from './number-param.ts';

/** Quotients from here on are written in Elias gamma. */
export const UNARY_MAX = 4;

/** What became of a value: what the choice of parameters learns from. */
export const WRITTEN = { plain: 0, noise: 1, finer: 2, raw: 3, none: 4, same: 5 } as const;
export type Written = (typeof WRITTEN)[keyof typeof WRITTEN];

const doubles = new Float64Array(2);
const words = new Uint32Array(doubles.buffer);

export function putNumber(writer: BitWriter, param: NumberParam, before: number, value: number): Written {
  const kind = kindOf(param);
  if (kind === DECIMAL) return putDecimal(writer, param, before, value);
  if (kind === XOR) return putXor(writer, param, before, value);
  writer.putDouble(value);
  return WRITTEN.raw;
}

function putDecimal(writer: BitWriter, param: NumberParam, before: number, value: number): Written {
  const scale = scaleOfParam(param);
  const rice = riceOf(param);
  const isNoisy = isNoisyOf(param);
  const integer = Math.round(value * (POWERS[scale] as number));
  const noise = integer > -INTEGER_LIMIT && integer < INTEGER_LIMIT ? noiseOf(value, integer, scale) : undefined;
  if (noise === undefined) {
    if (isNoisy) writer.put(0, 1);
    return putEscaped(writer, scale, rice, before, value);
  }
  if (isNoisy) putNoise(writer, noise);
  else if (noise !== 0) {
    writer.put(0b1111110, 7);
    putSignAndSize(writer, noise);
  }
  putDifference(writer, integer - integerOf(before, scale), rice);
  return noise === 0 ? WRITTEN.plain : WRITTEN.noise;
}

/** 11111, then what stands in the way: 0 a finer scale, 10 noise (above), 110 no value, 111 sixty-four bits. */
function putEscaped(writer: BitWriter, scale: number, rice: number, before: number, value: number): Written {
  if (Number.isNaN(value)) {
    writer.put(0b11111110, 8);
    return WRITTEN.none;
  }
  const finer = scaleOf(value, scale + 1);
  if (finer === undefined) {
    writer.put(0b11111111, 8);
    writer.putDouble(value);
    return WRITTEN.raw;
  }
  const integer = integerOf(value, finer);
  writer.put(0b111110, 6);
  writer.putGamma(finer - scale);
  putNoise(writer, noiseOf(value, integer, finer) as number);
  putDifference(writer, integer - integerOf(before, finer), riceAtFiner(rice, finer - scale));
  return WRITTEN.finer;
}

/** Differences at a scale finer by `steps` have about 10/3 bits a step more. */
export function riceAtFiner(rice: number, steps: number): number {
  return Math.min(RICE_MAX, rice + Math.floor((steps * 10) / 3));
}

/** 0 none; else 1, the sign, and its size less one in ones before a zero. */
function putNoise(writer: BitWriter, noise: number): void {
  if (noise === 0) writer.put(0, 1);
  else {
    writer.put(1, 1);
    putSignAndSize(writer, noise);
  }
}

function putSignAndSize(writer: BitWriter, noise: number): void {
  const size = Math.abs(noise);
  writer.put(noise < 0 ? 1 : 0, 1);
  writer.put(2 ** size - 2, size);
}

function putDifference(writer: BitWriter, difference: number, rice: number): void {
  const folded = difference < 0 ? -2 * difference - 1 : 2 * difference;
  if (folded < 0x40000000 && rice < 20) {
    const quotient = folded >>> rice;
    if (quotient < UNARY_MAX) {
      const ones = (2 << quotient) - 2;
      writer.put((ones << rice) | (folded & ((1 << rice) - 1)), quotient + 1 + rice);
      return;
    }
  }
  const size = 2 ** rice;
  const quotient = Math.floor(folded / size);
  if (quotient < UNARY_MAX) writer.put((2 << quotient) - 2, quotient + 1);
  else {
    writer.put(0b1111, UNARY_MAX);
    writer.putGamma(quotient - UNARY_MAX + 2);
  }
  writer.putWide(folded - quotient * size, rice);
}

/** 0 and the window; 10, the leading zeros and all after them; 110 the same value; 1110 no value; 1111 sixty-four bits. */
function putXor(writer: BitWriter, param: NumberParam, before: number, value: number): Written {
  if (Number.isNaN(value)) {
    writer.put(0b1110, 4);
    return WRITTEN.none;
  }
  doubles[0] = Number.isNaN(before) ? 0 : before;
  doubles[1] = value;
  const low = ((words[0] as number) ^ (words[2] as number)) >>> 0;
  const high = ((words[1] as number) ^ (words[3] as number)) >>> 0;
  if (low === 0 && high === 0) {
    writer.put(0b110, 3);
    return WRITTEN.same;
  }
  const lead = high === 0 ? 32 + Math.clz32(low) : Math.clz32(high);
  const width = widthOf(param);
  const trail = 64 - leadOf(param) - width;
  if (lead >= leadOf(param) && trailingZeros(low, high) >= trail) {
    writer.put(0, 1);
    putShifted(writer, low, high, trail, width);
  } else if (lead === 0) {
    writer.put(0b1111, 4);
    writer.putDouble(value);
  } else {
    writer.put(0b10, 2);
    writer.put(lead, 6);
    putShifted(writer, low, high, 0, 64 - lead);
  }
  return WRITTEN.plain;
}

export function trailingZeros(low: number, high: number): number {
  const lowest = low === 0 ? high : low;
  const zeros = lowest === 0 ? 32 : 31 - Math.clz32(lowest & -lowest);
  return low === 0 ? 32 + zeros : zeros;
}

/** `width` bits of the 64 in two words, from bit `shift` up. */
function putShifted(writer: BitWriter, low: number, high: number, shift: number, width: number): void {
  const value =
    shift >= 32 ? high >>> (shift - 32) : shift === 0 ? low : ((low >>> shift) | (high << (32 - shift))) >>> 0;
  if (width > 32) {
    writer.putWide(shift >= 32 ? 0 : high >>> shift, width - 32);
    writer.put32(value);
  } else writer.putWide(width === 32 ? value : value % 2 ** width, width);
}
