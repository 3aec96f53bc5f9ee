// What changed in a topic since somebody last looked: which buckets, which definitions, which states, who left. Only
// marks, no values: those are read from the rings when they are needed.
import type { SeriesDef } from '@tidewatch/schemas/series';

/** A growing set of small integers, one bit each. */
export class Bits {
  #words = new Uint32Array(4);

  add(id: number): void {
    const word = id >>> 5;
    if (word >= this.#words.length) this.#grow(word + 1);
    this.#words[word] = (this.#words[word] as number) | (1 << (id & 31));
  }

  has(id: number): boolean {
    return (((this.#words[id >>> 5] ?? 0) >>> (id & 31)) & 1) === 1;
  }

  addAll(other: Bits): void {
    if (other.#words.length > this.#words.length) this.#grow(other.#words.length);
    for (let at = 0; at < other.#words.length; at++)
      this.#words[at] = (this.#words[at] as number) | (other.#words[at] as number);
  }

  get bytes(): number {
    return this.#words.byteLength;
  }

  /** Members in ascending order. */
  toIds(): Uint32Array {
    let count = 0;
    for (const word of this.#words) count += popcount(word);
    const ids = new Uint32Array(count);
    let to = 0;
    for (let at = 0; at < this.#words.length; at++) {
      let word = this.#words[at] as number;
      while (word !== 0) {
        ids[to++] = at * 32 + 31 - Math.clz32(word & -word);
        word &= word - 1;
      }
    }
    return ids;
  }

  #grow(words: number): void {
    const grown = new Uint32Array(Math.max(words, this.#words.length * 2));
    grown.set(this.#words);
    this.#words = grown;
  }
}

function popcount(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555);
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

export class Marks {
  /** Series with a sample, by second (epoch s). */
  readonly seconds = new Map<number, Bits>();
  readonly defs = new Set<number>();
  readonly states = new Set<number>();
  /** With what they were: whose they were is asked after they are gone. */
  readonly retired = new Map<number, SeriesDef>();

  get isEmpty(): boolean {
    return this.seconds.size === 0 && this.defs.size === 0 && this.states.size === 0 && this.retired.size === 0;
  }

  get bytes(): number {
    let sum = 64 + 40 * (this.defs.size + this.states.size + this.retired.size);
    for (const bits of this.seconds.values()) sum += 64 + bits.bytes;
    return sum;
  }

  markSecond(second: number, id: number): void {
    let bits = this.seconds.get(second);
    if (bits === undefined) {
      bits = new Bits();
      this.seconds.set(second, bits);
    }
    bits.add(id);
  }

  /** Takes over everything that another set of marks holds. */
  addAll(other: Marks): void {
    for (const [second, bits] of other.seconds) {
      const own = this.seconds.get(second);
      if (own !== undefined) own.addAll(bits);
      else {
        const copy = new Bits();
        copy.addAll(bits);
        this.seconds.set(second, copy);
      }
    }
    for (const id of other.defs) this.defs.add(id);
    for (const id of other.states) this.states.add(id);
    for (const [id, def] of other.retired) this.retired.set(id, def);
  }
}
