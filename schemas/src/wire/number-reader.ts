// Reads one double as its series' parameter says, against the value before it: the other side of number-writer.ts.
import type { BitReader } from './bit-reader.ts';
import { FrameError } from './codec.ts';
import { doubleOf, INTEGER_LIMIT, integerOf, NOISE_MAX, SCALE_MAX } from './decimal.ts';
import {
  DECIMAL,
  isNoisyOf,
  kindOf,
  leadOf,
  type NumberParam,
  riceOf,
  scaleOfParam,
  widthOf,
  XOR,
} from './number-param.ts';
import { riceAtFiner, UNARY_MAX } from './number-writer.ts';

const doubles = new Float64Array(1);
const words = new Uint32Array(doubles.buffer);

export function getNumber(reader: BitReader, param: NumberParam, before: number): number {
  const kind = kindOf(param);
  if (kind === DECIMAL) return getDecimal(reader, param, before);
  if (kind === XOR) return getXor(reader, param, before);
  return reader.getDouble();
}

function getDecimal(reader: BitReader, param: NumberParam, before: number): number {
  const scale = scaleOfParam(param);
  const rice = riceOf(param);
  const noise = isNoisyOf(param) ? getNoise(reader) : 0;
  const quotient = getQuotient(reader);
  if (quotient >= 0) return at(integerOf(before, scale) + getDifference(reader, quotient, rice), scale, noise);
  if (reader.get(1) === 0) {
    const finer = scale + reader.getGamma();
    if (finer > SCALE_MAX) throw new FrameError(`A scale of ${finer} is over ${SCALE_MAX}.`);
    const finerNoise = getNoise(reader);
    const difference = getDifference(reader, getQuotient(reader), riceAtFiner(rice, finer - scale));
    return at(integerOf(before, finer) + difference, finer, finerNoise);
  }
  if (reader.get(1) === 0) {
    const apart = getSignAndSize(reader);
    return at(integerOf(before, scale) + getDifference(reader, getQuotient(reader), rice), scale, apart);
  }
  return reader.get(1) === 0 ? Number.NaN : reader.getDouble();
}

function at(integer: number, scale: number, noise: number): number {
  if (!(integer > -INTEGER_LIMIT && integer < INTEGER_LIMIT)) throw new FrameError('A whole number is over 2^48.');
  return doubleOf(integer, scale, noise);
}

/** -1: the escape. */
function getQuotient(reader: BitReader): number {
  const ones = reader.getUnary(UNARY_MAX);
  if (ones < UNARY_MAX) return ones;
  const more = reader.getGamma();
  return more === 1 ? -1 : more + UNARY_MAX - 2;
}

function getDifference(reader: BitReader, quotient: number, rice: number): number {
  if (quotient < 0) throw new FrameError('An escape stands within an escape.');
  const folded = quotient * 2 ** rice + reader.getWide(rice);
  return folded % 2 === 1 ? -(folded + 1) / 2 : folded / 2;
}

function getNoise(reader: BitReader): number {
  return reader.get(1) === 0 ? 0 : getSignAndSize(reader);
}

function getSignAndSize(reader: BitReader): number {
  const isNegative = reader.flag();
  const size = reader.getUnary(NOISE_MAX) + 1;
  if (size > NOISE_MAX) throw new FrameError(`Noise is over ${NOISE_MAX} units in the last place.`);
  return isNegative ? -size : size;
}

function getXor(reader: BitReader, param: NumberParam, before: number): number {
  doubles[0] = Number.isNaN(before) ? 0 : before;
  if (reader.get(1) === 0) return flip(reader, 64 - leadOf(param) - widthOf(param), widthOf(param));
  if (reader.get(1) === 0) {
    const lead = reader.get(6);
    return flip(reader, 0, 64 - lead);
  }
  if (reader.get(1) === 0) return doubles[0] as number;
  return reader.get(1) === 0 ? Number.NaN : reader.getDouble();
}

/** Flips `width` bits of the double before, from bit `shift` up. */
function flip(reader: BitReader, shift: number, width: number): number {
  const top = width > 32 ? reader.getWide(width - 32) : 0;
  const bottom = width > 32 ? reader.get32() : reader.getWide(width);
  const low = shift >= 32 ? 0 : (bottom << shift) >>> 0;
  const high =
    shift >= 32 ? (bottom << (shift - 32)) >>> 0 : ((top << shift) | (shift === 0 ? 0 : bottom >>> (32 - shift))) >>> 0;
  words[0] = (words[0] as number) ^ low;
  words[1] = (words[1] as number) ^ high;
  return doubles[0] as number;
}
