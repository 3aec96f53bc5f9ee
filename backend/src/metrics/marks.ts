// What changed in a topic since somebody last looked: which buckets, which definitions, which states, who left. Only
// marks, no values: those are read from the rings when they are needed.

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
  *[Symbol.iterator](): Generator<number> {
    for (let at = 0; at < this.#words.length; at++) {
      let word = this.#words[at] as number;
      while (word !== 0) {
        const bit = 31 - Math.clz32(word & -word);
        yield at * 32 + bit;
        word &= word - 1;
      }
    }
  }

  #grow(words: number): void {
    const grown = new Uint32Array(Math.max(words, this.#words.length * 2));
    grown.set(this.#words);
    this.#words = grown;
  }
}

export class Marks {
  /** Series with a sample, by second (epoch s). */
  readonly seconds = new Map<number, Bits>();
  readonly defs = new Set<number>();
  readonly states = new Set<number>();
  readonly retired = new Set<number>();

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
    for (const id of other.retired) this.retired.add(id);
  }
}
