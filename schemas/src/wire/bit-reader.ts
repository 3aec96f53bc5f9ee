// Bytes into bits, the highest first: the other side of BitWriter. Reading beyond the end is a FrameError, and so is a
// count that what is left could not hold, so that a frame never makes its reader allocate more than it pays for.
import { FrameError } from './codec.ts';

declare const TextDecoder: new (label: string, options: object) => { decode(bytes: Uint8Array): string };
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

const double = new Float64Array(1);
const words = new Uint32Array(double.buffer);

/** A class for its speed: it is the innermost loop of everything received. */
export class BitReader {
  readonly #bytes: Uint8Array;
  #at = 0;
  #rest = 0;
  #held = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get bitsLeft(): number {
    return (this.#bytes.length - this.#at) * 8 + this.#held;
  }

  /** At most 24 bits at once. */
  get(count: number): number {
    while (this.#held < count) this.#fill();
    this.#held -= count;
    const value = this.#rest >>> this.#held;
    this.#rest &= (1 << this.#held) - 1;
    return value;
  }

  #fill(): void {
    if (this.#at >= this.#bytes.length) throw new FrameError('The frame ends too early.');
    this.#rest = (this.#rest << 8) | (this.#bytes[this.#at++] as number);
    this.#held += 8;
  }

  getWide(count: number): number {
    let value = 0;
    let left = count;
    while (left > 24) {
      const head = left > 48 ? left - 48 : left - 24;
      value = value * 2 ** head + this.get(head);
      left -= head;
    }
    return left > 0 ? value * 2 ** left + this.get(left) : value;
  }

  get32(): number {
    return this.get(16) * 0x10000 + this.get(16);
  }

  flag(): boolean {
    return this.get(1) === 1;
  }

  /** Ones before the next zero; after `max` of them there is no zero. */
  getUnary(max: number): number {
    let ones = 0;
    while (ones < max && this.get(1) === 1) ones++;
    return ones;
  }

  getGamma(): number {
    let zeros = 0;
    while (this.get(1) === 0) {
      if (++zeros > 52) throw new FrameError('A number is longer than 53 bits.');
    }
    return zeros === 0 ? 1 : 2 ** zeros + this.getWide(zeros);
  }

  getVar(width: number): number {
    const size = 2 ** width;
    let value = 0;
    for (let unit = 1; ; unit *= size) {
      const group = this.get(width + 1);
      value += (group % size) * unit;
      if (value > Number.MAX_SAFE_INTEGER) throw new FrameError('A number is longer than 53 bits.');
      if (group < size) return value;
      if (unit > Number.MAX_SAFE_INTEGER) throw new FrameError('A number is longer than 53 bits.');
    }
  }

  getSigned(width: number): number {
    const value = this.getVar(width);
    return value % 2 === 1 ? -(value + 1) / 2 : value / 2;
  }

  /** A count of things of which each takes at least `bitsEach` bits of what is left. */
  checkCount(count: number, bitsEach: number): number {
    if (count * bitsEach > this.bitsLeft) throw new FrameError(`${count} entries do not fit into what is left.`);
    return count;
  }

  getDouble(): number {
    words[1] = this.get32();
    words[0] = this.get32();
    return double[0] as number;
  }

  getText(): string {
    const length = this.checkCount(this.getVar(7), 8);
    const bytes = new Uint8Array(length);
    for (let i = 0; i < length; i++) bytes[i] = this.get(8);
    try {
      return utf8.decode(bytes);
    } catch (error) {
      throw new FrameError('A text is not UTF-8.', { cause: error });
    }
  }

  /** Nothing but padding is left. */
  end(): void {
    if (this.bitsLeft >= 8 || this.get(this.bitsLeft) !== 0)
      throw new FrameError('Bits are left over after the frame.');
  }
}
