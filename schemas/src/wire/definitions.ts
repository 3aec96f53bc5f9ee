// Definitions of series: every text once, then the definitions as references to them. Once an epoch, with the snapshot,
// and with deltas for what is new.
import { LABELS_MAX } from '../labels.ts';
import type { SeriesDef } from '../series.ts';
import type { BitReader } from './bit-reader.ts';
import type { BitWriter } from './bit-writer.ts';
import { FrameError } from './codec.ts';

/** A definition takes more bits than this, a text at least eight. */
const DEF_MIN_BITS = 16;

export function putDefinitions(writer: BitWriter, defs: readonly SeriesDef[]): void {
  const references = new Map<string, number>();
  const note = (text: string) => references.has(text) || references.set(text, references.size);
  for (const { metric, labels, unit, description, emitter } of defs) {
    for (const text of [metric, unit, description, emitter]) note(text);
    for (const [name, value] of Object.entries(labels)) {
      note(name);
      note(value);
    }
  }
  writer.putVar(defs.length, 7);
  writer.putVar(references.size, 7);
  for (const text of references.keys()) writer.putText(text);
  const width = widthOfReference(references.size);
  const refer = (text: string) => writer.put(references.get(text) as number, width);
  let before = 0;
  for (const def of defs) {
    writer.putSigned(def.id - before, 3);
    before = def.id;
    for (const text of [def.metric, def.unit, def.description, def.emitter]) refer(text);
    writer.flag(def.kind === 'counter');
    writer.flag(def.isIntervalDeclared);
    putInterval(writer, def.intervalMs);
    const labels = Object.entries(def.labels);
    writer.putVar(labels.length, 3);
    for (const [name, value] of labels) {
      refer(name);
      refer(value);
    }
  }
}

export function getDefinitions(reader: BitReader): SeriesDef[] {
  const count = reader.checkCount(reader.getVar(7), DEF_MIN_BITS);
  const textCount = reader.checkCount(reader.getVar(7), 8);
  const texts = Array.from({ length: textCount }, () => reader.getText());
  const width = widthOfReference(textCount);
  const refer = () => {
    const text = texts[reader.get(width)];
    if (text === undefined) throw new FrameError('A definition refers to a text that is not there.');
    return text;
  };
  let id = 0;
  return Array.from({ length: count }, (): SeriesDef => {
    id = getId(reader, id, 3);
    const [metric, unit, description, emitter] = [refer(), refer(), refer(), refer()];
    const kind = reader.flag() ? 'counter' : 'gauge';
    const isIntervalDeclared = reader.flag();
    const intervalMs = getInterval(reader);
    const labelCount = reader.getVar(3);
    if (labelCount > LABELS_MAX)
      throw new FrameError(`A series has ${labelCount} labels, at most ${LABELS_MAX} are allowed.`);
    // fromEntries, because a label may be called __proto__.
    const labels = Object.fromEntries(Array.from({ length: labelCount }, () => [refer(), refer()]));
    return { id, metric, labels, kind, unit, description, intervalMs, isIntervalDeclared, emitter };
  });
}

/** An id as the difference to the one before. */
export function getId(reader: BitReader, before: number, width: number): number {
  const id = before + reader.getSigned(width);
  if (id < 0 || id > 0xffffffff) throw new FrameError(`${id} is no id of a series.`);
  return id;
}

function widthOfReference(count: number): number {
  return count <= 1 ? 0 : 32 - Math.clz32(count - 1);
}

/** 00 sparse, 01 whole ms, 1 a double. */
function putInterval(writer: BitWriter, intervalMs: number | null): void {
  if (intervalMs === null) writer.put(0b00, 2);
  else if (Number.isSafeInteger(intervalMs)) {
    writer.put(0b01, 2);
    writer.putVar(intervalMs, 7);
  } else {
    writer.put(1, 1);
    writer.putDouble(intervalMs);
  }
}

function getInterval(reader: BitReader): number | null {
  if (reader.flag()) return reader.getDouble();
  return reader.flag() ? reader.getVar(7) : null;
}
