// The first bits of every binary frame: which kind, and of which topic.
import { BitReader } from './bit-reader.ts';
import type { BitWriter } from './bit-writer.ts';

export const FRAME_KIND = { delta: 0, merged: 1, snapshot: 2, history: 3 } as const;
export type FrameKind = keyof typeof FRAME_KIND;
const KINDS = Object.keys(FRAME_KIND) as FrameKind[];

export function putHead(writer: BitWriter, kind: FrameKind, topicId: number): void {
  writer.put(FRAME_KIND[kind], 2);
  writer.putVar(topicId, 4);
}

export function getHead(reader: BitReader): { readonly kind: FrameKind; readonly topicId: number } {
  return { kind: KINDS[reader.get(2)] as FrameKind, topicId: reader.getVar(4) };
}

/** undefined: it is no frame. */
export function topicIdOfFrame(payload: Uint8Array): number | undefined {
  try {
    return getHead(new BitReader(payload.subarray(0, 16))).topicId;
  } catch {
    return undefined;
  }
}
