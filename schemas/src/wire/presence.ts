// Which of `size` series: 0 all of them, 10 one bit each, 11 a list of gaps. Whatever is smaller.
import type { BitReader } from './bit-reader.ts';
import type { BitWriter } from './bit-writer.ts';
import { FrameError } from './codec.ts';

/** `positions` ascending; the first `count` count. */
export function putPresence(writer: BitWriter, positions: Int32Array, count: number, size: number): void {
  if (count === size) {
    writer.put(0, 1);
    return;
  }
  let listBits = 2 * (31 - Math.clz32(count + 1)) + 1;
  for (let i = 0, before = -1; i < count && listBits < size; before = positions[i++] as number) {
    listBits += 2 * (31 - Math.clz32((positions[i] as number) - before)) + 1;
  }
  writer.put(1, 1);
  writer.flag(listBits < size);
  if (listBits < size) putList(writer, positions, count);
  else putBitmap(writer, positions, count, size);
}

function putList(writer: BitWriter, positions: Int32Array, count: number): void {
  writer.putGamma(count + 1);
  for (let i = 0, before = -1; i < count; before = positions[i++] as number) {
    writer.putGamma((positions[i] as number) - before);
  }
}

function putBitmap(writer: BitWriter, positions: Int32Array, count: number, size: number): void {
  let next = 0;
  for (let from = 0; from < size; from += 16) {
    const width = Math.min(16, size - from);
    let bits = 0;
    while (next < count && (positions[next] as number) < from + width) {
      bits |= 1 << (from + width - 1 - (positions[next++] as number));
    }
    writer.put(bits, width);
  }
}

/** Fills `positions`, which holds at least `size`, and returns how many there are. */
export function getPresence(reader: BitReader, positions: Int32Array, size: number): number {
  if (!reader.flag()) {
    for (let i = 0; i < size; i++) positions[i] = i;
    return size;
  }
  if (reader.flag()) {
    const count = reader.checkCount(reader.getGamma() - 1, 1);
    for (let i = 0, before = -1; i < count; before = positions[i++] as number) {
      const position = before + reader.getGamma();
      if (position >= size) throw new FrameError(`There is no series at position ${position}.`);
      positions[i] = position;
    }
    return count;
  }
  reader.checkCount(size, 1);
  let count = 0;
  for (let i = 0; i < size; i++) if (reader.get(1) === 1) positions[count++] = i;
  return count;
}
