// The binary form, for now: kind, topic id and the frame's columns as UTF-8.
import type { History } from '../history.ts';
import { FrameError, type StreamDecoder, type StreamEncoder } from './codec.ts';
import { createJsonDecoder, createJsonEncoder, historyText } from './json.ts';

declare const TextEncoder: new () => { encode(text: string): Uint8Array };
declare const TextDecoder: new () => { decode(bytes: Uint8Array): string };

const TOPIC_ID = /"topicId":(\d+)/;

function bytesOf(text: string): Uint8Array {
  const body = new TextEncoder().encode(text);
  const bytes = new Uint8Array(body.length + 4);
  new DataView(bytes.buffer).setUint32(0, Number(TOPIC_ID.exec(text)?.[1] ?? 0));
  bytes.set(body, 4);
  return bytes;
}

export function createBinaryEncoder(): StreamEncoder {
  const json = createJsonEncoder();
  return {
    snapshot: (snapshot) => bytesOf(json.snapshot(snapshot) as string),
    delta: (delta) => bytesOf(json.delta(delta) as string),
    merged: (delta, isReset) => bytesOf(json.merged(delta, isReset) as string),
  };
}

export function createBinaryDecoder(): StreamDecoder {
  const json = createJsonDecoder();
  return {
    decode(payload) {
      if (typeof payload === 'string') throw new FrameError('A frame of the binary subprotocol is a binary message.');
      return json.decode(new TextDecoder().decode(payload.subarray(4)));
    },
  };
}

export function historyFrame(history: History): Uint8Array {
  return bytesOf(historyText(history));
}

export function topicIdOfFrame(payload: Uint8Array): number | undefined {
  if (payload.length < 4) return undefined;
  return new DataView(payload.buffer, payload.byteOffset).getUint32(0);
}
