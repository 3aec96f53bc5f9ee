// What came over one connection, a JSON line a message: { at, text } or { at, hex }. Times are this machine's, epoch ms.
import { readFileSync } from 'node:fs';
import type { Payload } from '@tidewatch/schemas/wire/codec';

export function captureLine(at: number, payload: Payload): string {
  const body = typeof payload === 'string' ? { text: payload } : { hex: Buffer.from(payload).toString('hex') };
  return `${JSON.stringify({ at, ...body })}\n`;
}

/** Throws where a line is none, and says which. */
export function readCapture(path: string): Payload[] {
  const payloads: Payload[] = [];
  for (const [index, line] of readFileSync(path, 'utf8').split('\n').entries()) {
    if (line === '') continue;
    const { text, hex } = JSON.parse(line) as { text?: unknown; hex?: unknown };
    if (typeof text === 'string') payloads.push(text);
    else if (typeof hex === 'string') payloads.push(new Uint8Array(Buffer.from(hex, 'hex')));
    else throw new Error(`Line ${index + 1} of ${path} is neither text nor hex.`);
  }
  return payloads;
}
