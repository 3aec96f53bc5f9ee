// Bits into bytes, the highest first. What is written grows as needed; `bytes` pads the last byte with zeros.

declare const TextEncoder: new () => { encode(text: string): Uint8Array };
const utf8 = new TextEncoder();

const double = new Float64Array(1);
const words = new Uint32Array(double.buffer);

/** A class for its speed: it is the innermost loop of everything sent. */
export class BitWriter {
  #bytes = new Uint8Array(256);
  #at = 0;
  /** Bits that do not fill a byte yet: the lowest #held of #rest. */
  #rest = 0;
  #held = 0;

  /** Bits written since the last `take`. */
  get bits(): number {
    return this.#at * 8 + this.#held;
  }

  /** The lowest `count` bits of `value`; at most 24 at once. */
  put(value: number, count: number): void {
    this.#rest = (this.#rest << count) | value;
    this.#held += count;
    if (this.#at + 4 > this.#bytes.length) this.#grow();
    while (this.#held >= 8) {
      this.#held -= 8;
      this.#bytes[this.#at++] = this.#rest >>> this.#held;
    }
    this.#rest &= (1 << this.#held) - 1;
  }

  /** The lowest `count` bits of a whole number below 2^53. */
  putWide(value: number, count: number): void {
    if (count > 48) this.put(Math.floor(value / 2 ** 48), count - 48);
    if (count > 24) this.put(Math.floor(value / 2 ** 24) & 0xffffff, Math.min(count - 24, 24));
    if (count > 0) this.put(value % 0x1000000, Math.min(count, 24));
  }

  put32(word: number): void {
    this.put(word >>> 16, 16);
    this.put(word & 0xffff, 16);
  }

  flag(isSet: boolean): void {
    this.put(isSet ? 1 : 0, 1);
  }

  /** Elias gamma: as many zeros as the number has bits after its first, then the number. At least 1, below 2^53. */
  putGamma(value: number): void {
    if (value < 0x1000) {
      this.put(value, 2 * (31 - Math.clz32(value)) + 1);
      return;
    }
    const high = Math.floor(value / 0x100000000);
    const length = high > 0 ? 64 - Math.clz32(high) : 32 - Math.clz32(value);
    this.putWide(0, length - 1);
    this.putWide(value, length);
  }

  /** Groups of `width` bits, lowest group first, each behind a bit that says whether another follows. */
  putVar(value: number, width: number): void {
    const size = 2 ** width;
    let left = value;
    while (left >= size) {
      this.put(size + (left % size), width + 1);
      left = Math.floor(left / size);
    }
    this.put(left, width + 1);
  }

  /** putVar of a number that may be negative: 0, -1, 1, -2, 2 are 0, 1, 2, 3, 4. */
  putSigned(value: number, width: number): void {
    this.putVar(value < 0 ? -2 * value - 1 : 2 * value, width);
  }

  /** All 64 bits; every NaN is the same one. */
  putDouble(value: number): void {
    double[0] = value;
    if (Number.isNaN(value)) {
      words[0] = 0;
      words[1] = 0x7ff80000;
    }
    this.put32(words[1] as number);
    this.put32(words[0] as number);
  }

  /** Length in bytes, then UTF-8. */
  putText(text: string): void {
    const bytes = utf8.encode(text);
    this.putVar(bytes.length, 7);
    for (const byte of bytes) this.put(byte, 8);
  }

  /** A copy of what was written; the writer is empty after it. */
  take(): Uint8Array {
    if (this.#held > 0) this.put(0, 8 - this.#held);
    const taken = this.#bytes.slice(0, this.#at);
    this.#at = 0;
    this.#rest = 0;
    this.#held = 0;
    return taken;
  }

  #grow(): void {
    const grown = new Uint8Array(this.#bytes.length * 2);
    grown.set(this.#bytes);
    this.#bytes = grown;
  }
}
