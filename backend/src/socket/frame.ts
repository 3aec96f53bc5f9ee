// WebSocket frames of payloads, built once however many sockets take them: server frames are not masked, so the bytes
// are the same for everybody. Text payloads are told apart by their content, for as long as a beat may need them.
import type { Payload } from '@tidewatch/schemas/wire/codec';

const FINAL_TEXT = 0x81;
const FINAL_BINARY = 0x82;
const FINAL_PING = 0x89;

/** Text frames kept at most, and their bytes: what one beat shares. Beyond it, all are let go and built again. */
const TEXTS_MAX = 256;
const TEXTS_MAX_BYTES = 4 * 1024 * 1024;

const binaries = new WeakMap<Uint8Array, Buffer>();
const texts = new Map<string, Buffer>();
let textsBytes = 0;
/** The newest binary payload and its frame: mostly the next socket takes the same one. */
let newest: Uint8Array | null = null;
let newestFrame: Buffer = Buffer.alloc(0);

export function frameOf(payload: Payload): Buffer {
  if (typeof payload === 'string') return textFrame(payload);
  if (payload === newest) return newestFrame;
  let frame = binaries.get(payload);
  if (frame === undefined) {
    frame = buildFrame(FINAL_BINARY, payload);
    binaries.set(payload, frame);
  }
  newest = payload;
  newestFrame = frame;
  return frame;
}

/** Frames up to this sum are copied into one buffer; larger ones are handed over as they are. */
export const JOIN_MAX_BYTES = 16 * 1024;

let joinedOf: readonly Payload[] = [];
let joined: Buffer = Buffer.alloc(0);

/**
 * The frames of several payloads as one buffer, made once for as many sockets as take the same ones one after the
 * other: clients of one dashboard do. null: together they are too large to copy.
 */
export function joinedFrames(payloads: readonly Payload[]): Buffer | null {
  if (isSame(payloads, joinedOf)) return joined;
  const frames = payloads.map(frameOf);
  const bytes = frames.reduce((sum, frame) => sum + frame.length, 0);
  if (bytes > JOIN_MAX_BYTES) return null;
  joined = Buffer.concat(frames, bytes);
  joinedOf = [...payloads];
  return joined;
}

function isSame(one: readonly Payload[], other: readonly Payload[]): boolean {
  if (one.length !== other.length) return false;
  for (let at = 0; at < one.length; at++) if (one[at] !== other[at]) return false;
  return true;
}

/** `mark` is at most 125 ASCII characters. */
export function pingFrame(mark: string): Buffer {
  return buildFrame(FINAL_PING, Buffer.from(mark, 'latin1'));
}

function textFrame(text: string): Buffer {
  let frame = texts.get(text);
  if (frame !== undefined) return frame;
  frame = buildFrame(FINAL_TEXT, Buffer.from(text));
  if (texts.size >= TEXTS_MAX || textsBytes + frame.length > TEXTS_MAX_BYTES) {
    texts.clear();
    textsBytes = 0;
  }
  texts.set(text, frame);
  textsBytes += frame.length;
  return frame;
}

function buildFrame(first: number, body: Uint8Array): Buffer {
  const { length } = body;
  const headBytes = length < 126 ? 2 : length < 65_536 ? 4 : 10;
  const frame = Buffer.allocUnsafeSlow(headBytes + length);
  frame[0] = first;
  if (headBytes === 2) frame[1] = length;
  else if (headBytes === 4) {
    frame[1] = 126;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = 127;
    frame.writeBigUInt64BE(BigInt(length), 2);
  }
  frame.set(body, headBytes);
  return frame;
}
