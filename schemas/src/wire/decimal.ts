// Doubles as whole numbers at a decimal scale: 51.846 is 51846 at scale 3. Emitters compute, so many doubles are a few
// units in the last place beside the decimal that was meant (51.846000000000004): that distance is the noise.

export const SCALE_MAX = 15;
/** Whole numbers stay below this, so that multiplying by a power of ten and rounding is exact both ways. */
export const INTEGER_LIMIT = 2 ** 48;
export const NOISE_MAX = 4;

export const POWERS = Float64Array.from({ length: SCALE_MAX + 1 }, (_, scale) => Number(`1e${scale}`));

const double = new Float64Array(2);
const words = new Uint32Array(double.buffer);
const AFAR = 0x7f;

/** The whole number nearest to value x 10^scale (halves go up); 0 where there is none in range: NaN, infinite, huge. */
export function integerOf(value: number, scale: number): number {
  const integer = Math.round(value * (POWERS[scale] as number));
  return integer > -INTEGER_LIMIT && integer < INTEGER_LIMIT ? integer + 0 : 0;
}

/** The double that a whole number and its noise stand for. */
export function doubleOf(integer: number, scale: number, noise: number): number {
  const value = integer / (POWERS[scale] as number);
  if (noise === 0) return value;
  double[0] = value;
  const low = (words[0] as number) + noise;
  words[0] = low;
  if (low < 0) words[1] = (words[1] as number) - 1;
  else if (low > 0xffffffff) words[1] = (words[1] as number) + 1;
  return double[0] as number;
}

/** Units in the last place from the whole number's double to the value, or undefined where they are not neighbours. */
export function noiseOf(value: number, integer: number, scale: number): number | undefined {
  const exact = integer / (POWERS[scale] as number);
  if (exact === value && (value !== 0 || 1 / value > 0)) return 0;
  const noise = distance(exact, value);
  return noise === AFAR || integer === 0 ? undefined : noise;
}

function distance(from: number, to: number): number {
  double[0] = from;
  double[1] = to;
  const high = (words[3] as number) - (words[1] as number);
  const low = (words[2] as number) - (words[0] as number) + high * 0x100000000;
  return high >= -1 && high <= 1 && low >= -NOISE_MAX && low <= NOISE_MAX ? low : AFAR;
}

/** The smallest scale from `from` on at which the value is a whole number, but for noise; undefined where none is. */
export function scaleOf(value: number, from = 0): number | undefined {
  for (let scale = from; scale <= SCALE_MAX; scale++) {
    const integer = Math.round(value * (POWERS[scale] as number));
    if (!(integer > -INTEGER_LIMIT && integer < INTEGER_LIMIT)) return undefined;
    if (noiseOf(value, integer, scale) !== undefined) return scale;
  }
  return undefined;
}
