// Chooses the parameter of one series from what was written so far. Only encoders learn: what is chosen here is sent.
// Each choice is a running sum of the bits that the other choice would have saved, floored at zero: it is taken when
// the sum says that it pays for telling it, so that noise in the data changes nothing.
import { integerOf, noiseOf, POWERS, SCALE_MAX, scaleOf } from './decimal.ts';
import {
  DECIMAL,
  decimalParam,
  isNoisyOf,
  kindOf,
  leadOf,
  type NumberParam,
  RICE_MAX,
  riceOf,
  scaleOfParam,
  widthOf,
  xorParam,
} from './number-param.ts';
import { trailingZeros, UNARY_MAX, WRITTEN, type Written } from './number-writer.ts';

/** Bits that a change must have saved before it is made; telling it costs about 20. */
const PAYS_BITS = 32;
/** Other Rice parameters that are weighed against the one in use. */
const RICE_STEPS = [-3, -1, 1, 3] as const;
/** One step of scale, in bits of a difference. */
const SCALE_BITS = 10 / 3;
/** Values between two looks at the XOR window, and between two tries at decimals. */
const XOR_LOOK_EVERY = 16;

const doubles = new Float64Array(2);
const words = new Uint32Array(doubles.buffer);

export class NumberFit {
  /** Bits that each of RICE_STEPS would have saved. */
  readonly #rice = new Float64Array(RICE_STEPS.length);
  #finer = 0;
  #coarser = 0;
  #noisy = 0;
  #plain = 0;
  #raw = 0;
  /** XOR: values by leading zeros, the fewest trailing zeros, and values since the last look. */
  #leads: Uint16Array | undefined;
  #trail = 64;
  #looks = 0;

  /** For a first value, with nothing known. */
  first(value: number): NumberParam {
    if (Number.isNaN(value)) return decimalParam(false, 0, 8);
    const scale = scaleOf(value);
    if (scale === undefined) return this.#startXor(0, value);
    const isNoisy = noiseOf(value, Math.round(value * (POWERS[scale] as number)), scale) !== 0;
    return decimalParam(isNoisy, scale, 8);
  }

  /** Learns from a value that was written under `param`, and says which parameter the next one should have. */
  next(param: NumberParam, before: number, value: number, written: Written): NumberParam {
    if (written === WRITTEN.none) return param;
    return kindOf(param) === DECIMAL ? this.#decimal(param, before, value, written) : this.#xor(param, before, value);
  }

  #decimal(param: NumberParam, before: number, value: number, written: Written): NumberParam {
    const scale = scaleOfParam(param);
    this.#raw = Math.max(0, this.#raw + (written === WRITTEN.raw ? 12 : -10));
    if (this.#raw > PAYS_BITS) return this.#startXor(before, value);
    if (written === WRITTEN.raw) return param;

    this.#finer = Math.max(0, this.#finer + (written === WRITTEN.finer ? 8 : -SCALE_BITS));
    if (this.#finer > PAYS_BITS) return this.#rescale(param, scaleOf(value, scale + 1) ?? scale);
    if (written === WRITTEN.finer) {
      this.#coarser = 0;
      return param;
    }

    const power = POWERS[scale] as number;
    const integer = Math.round(value * power);
    const isCoarse = scale > 0 && integer % 10 === 0;
    this.#coarser = Math.max(0, this.#coarser + (isCoarse ? SCALE_BITS : -8));
    if (this.#coarser > PAYS_BITS * 2 && value !== 0) return this.#rescale(param, scale - 1);

    const isNoisy = isNoisyOf(param);
    if (isNoisy) {
      this.#plain = Math.max(0, this.#plain + (written === WRITTEN.noise ? -7 : 1));
      if (this.#plain > PAYS_BITS) return this.#renoise(false, scale, riceOf(param));
    } else {
      this.#noisy = Math.max(0, this.#noisy + (written === WRITTEN.noise ? 7 : -1));
      if (this.#noisy > PAYS_BITS) return this.#renoise(true, scale, riceOf(param));
    }

    const difference = integer - integerOf(before, scale);
    return this.#weighRice(param, difference < 0 ? -2 * difference - 1 : 2 * difference);
  }

  #weighRice(param: NumberParam, folded: number): NumberParam {
    const rice = riceOf(param);
    const bits = riceBits(folded, rice);
    for (let i = 0; i < RICE_STEPS.length; i++) {
      const other = rice + (RICE_STEPS[i] as number);
      if (other < 0 || other > RICE_MAX) continue;
      const saved = Math.max(0, (this.#rice[i] as number) + bits - riceBits(folded, other));
      this.#rice[i] = saved;
      if (saved <= PAYS_BITS) continue;
      this.#rice.fill(0);
      return decimalParam(isNoisyOf(param), scaleOfParam(param), other);
    }
    return param;
  }

  #renoise(isNoisy: boolean, scale: number, rice: number): NumberParam {
    this.#plain = 0;
    this.#noisy = 0;
    return decimalParam(isNoisy, scale, rice);
  }

  #rescale(param: NumberParam, scale: number): NumberParam {
    const steps = scale - scaleOfParam(param);
    this.#finer = 0;
    this.#coarser = 0;
    this.#rice.fill(0);
    const rice = Math.max(0, Math.min(RICE_MAX, riceOf(param) + Math.round(steps * SCALE_BITS)));
    return decimalParam(isNoisyOf(param), Math.min(SCALE_MAX, scale), rice);
  }

  #startXor(before: number, value: number): NumberParam {
    this.#raw = 0;
    this.#leads = new Uint16Array(65);
    this.#looks = 0;
    this.#trail = 64;
    this.#note(before, value);
    doubles[0] = value;
    const trail = trailingZeros(words[0] as number, words[1] as number);
    return xorParam(4, 60 - Math.min(trail, 40));
  }

  #note(before: number, value: number): void {
    doubles[0] = Number.isNaN(before) ? 0 : before;
    doubles[1] = value;
    const low = ((words[0] as number) ^ (words[2] as number)) >>> 0;
    const high = ((words[1] as number) ^ (words[3] as number)) >>> 0;
    if (low === 0 && high === 0) return;
    const lead = high === 0 ? 32 + Math.clz32(low) : Math.clz32(high);
    const leads = this.#leads as Uint16Array;
    leads[lead] = (leads[lead] as number) + 1;
    this.#trail = Math.min(this.#trail, trailingZeros(low, high));
  }

  #xor(param: NumberParam, before: number, value: number): NumberParam {
    this.#leads ??= new Uint16Array(65);
    this.#note(before, value);
    if (++this.#looks % XOR_LOOK_EVERY !== 0) return param;
    if (scaleOf(value) !== undefined && scaleOf(before) !== undefined) return this.first(value);
    return this.#bestWindow(param);
  }

  /** The window that would have written the values noted so far in the fewest bits, if it is better enough. */
  #bestWindow(param: NumberParam): NumberParam {
    const leads = this.#leads as Uint16Array;
    const trail = Math.min(this.#trail, 63);
    let best = param;
    let bestBits = this.#bitsOf(leadOf(param), 64 - leadOf(param) - widthOf(param)) - PAYS_BITS;
    for (let lead = 0; lead + trail < 64; lead++) {
      const bits = this.#bitsOf(lead, trail);
      if (bits < bestBits) {
        bestBits = bits;
        best = xorParam(lead, 64 - lead - trail);
      }
    }
    for (let lead = 0; lead <= 64; lead++) leads[lead] = (leads[lead] as number) >>> 1;
    this.#trail = 64;
    return best;
  }

  #bitsOf(lead: number, trail: number): number {
    const leads = this.#leads as Uint16Array;
    const width = 64 - lead - trail;
    let bits = 0;
    for (let seen = 0; seen <= 64; seen++) {
      const isInWindow = seen >= lead && this.#trail >= trail;
      bits += (leads[seen] as number) * (isInWindow ? 1 + width : seen === 0 ? 68 : 8 + 64 - seen);
    }
    return bits;
  }
}

/** Bits that putDifference takes. */
function riceBits(folded: number, rice: number): number {
  const quotient = folded < 0x40000000 && rice < 31 ? folded >>> rice : Math.floor(folded / 2 ** rice);
  if (quotient < UNARY_MAX) return quotient + 1 + rice;
  const more = quotient - UNARY_MAX + 2;
  const length = more < 0x100000000 ? 32 - Math.clz32(more) : 64 - Math.clz32(Math.floor(more / 0x100000000));
  return UNARY_MAX + 2 * length - 1 + rice;
}
