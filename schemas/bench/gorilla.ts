// The control for exact sizes: XOR against the value before, as Facebook's Gorilla (VLDB 2015) writes it. Only counts
// bits: 0 the same, 10 within the window in use, 11 with five bits of leading zeros, six of length, and the bits.

const double = new Float64Array(1);
const words = new BigUint64Array(double.buffer);

function bitsOf(value: number): bigint {
  double[0] = value;
  return words[0] as bigint;
}

/** Bits of one series, value by value; the first takes 64. */
export function gorillaBits(values: ArrayLike<number>): number[] {
  const sizes: number[] = [];
  let before = 0n;
  let lead = -1;
  let trail = 0;
  for (let i = 0; i < values.length; i++) {
    const now = bitsOf(values[i] as number);
    const xor = now ^ before;
    before = now;
    if (i === 0) sizes.push(64);
    else if (xor === 0n) sizes.push(1);
    else {
      const text = xor.toString(2);
      const zeros = Math.min(31, 64 - text.length);
      const ends = text.length - text.lastIndexOf('1') - 1;
      if (lead >= 0 && zeros >= lead && ends >= trail) sizes.push(2 + 64 - lead - trail);
      else {
        lead = zeros;
        trail = ends;
        sizes.push(2 + 5 + 6 + 64 - lead - trail);
      }
    }
  }
  return sizes;
}
