// What came over one connection, a JSON line a message: { at, text } or { at, hex }. Times are this machine's, epoch ms.
import { readFileSync } from 'node:fs';
import type { Payload } from '@tidewatch/schemas/wire/codec';
import { z } from 'zod';

const Line = z.union([
  z.strictObject({ at: z.number(), text: z.string() }),
  z.strictObject({ at: z.number(), hex: z.string().regex(/^([0-9a-f]{2})*$/) }),
]);

export function captureLine(at: number, payload: Payload): string {
  const body = typeof payload === 'string' ? { text: payload } : { hex: Buffer.from(payload).toString('hex') };
  return `${JSON.stringify({ at, ...body })}\n`;
}

/** Throws where a line is none. */
export function readCapture(path: string): Payload[] {
  const lines = readFileSync(path, 'utf8').split('\n');
  return lines
    .filter((line) => line !== '')
    .map((line) => {
      const parsed = Line.parse(JSON.parse(line));
      return 'text' in parsed ? parsed.text : new Uint8Array(Buffer.from(parsed.hex, 'hex'));
    });
}
