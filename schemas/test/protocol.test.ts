// docs/PROTOCOL.md is what is spoken: its messages pass the schemas, its frames decode to what stands beside them, and a
// change of either raises the version.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { ClientMessage } from '../src/message-client.ts';
import { PROTOCOL_VERSION, ServerMessage } from '../src/message-server.ts';
import { createStreamDecoder } from '../src/wire/encoder.ts';
import { JsonFrame } from '../src/wire/json.ts';

const here = import.meta.dirname;
const document = readFileSync(join(here, '../../docs/PROTOCOL.md'), 'utf8');
const frames = JSON.parse(readFileSync(join(here, 'fixtures/frames.json'), 'utf8')) as {
  name: string;
  hex: string;
  json: unknown;
}[];
const blocks = (language: string) =>
  [...document.matchAll(new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\n\`\`\``, 'g'))].map(([, text = '']) => text);

test('every message of the document is one', () => {
  const Any = z.union([ClientMessage, ServerMessage, JsonFrame]);
  const messages = blocks('json').map((text) => JSON.parse(text));
  for (const message of messages) expect(Any.safeParse(message).success, JSON.stringify(message)).toBe(true);
  const types = new Set(messages.map(({ type }) => type));
  for (const schema of [...ClientMessage.options, ...ServerMessage.options, ...JsonFrame.options]) {
    expect(types, 'every kind of message has an example').toContain(schema.shape.type.value);
  }
});

test('every binary frame of the document decodes to the JSON beside it', () => {
  expect(blocks('hex')).toEqual(frames.map(({ hex }) => hex));
  const decoders = { binary: createStreamDecoder('binary'), json: createStreamDecoder('json') };
  let slow = createStreamDecoder('binary');
  for (const { name, hex, json } of frames) {
    const bytes = new Uint8Array(Buffer.from(hex, 'hex'));
    // Who gets the merged delta has had the snapshot and nothing else.
    const decoder = name === 'merged' ? slow : decoders.binary;
    expect(plain(decoder.decode(bytes)), name).toEqual(plain(decoders.json.decode(JSON.stringify(json))));
    if (name === 'snapshot') {
      slow = createStreamDecoder('binary');
      slow.decode(bytes);
    }
  }
});

test('a change of a message or a frame raises PROTOCOL_VERSION', () => {
  const shapes = [ClientMessage, ServerMessage, JsonFrame].map((schema) =>
    z.toJSONSchema(schema, { unrepresentable: 'any' }),
  );
  const binary = frames.map(({ hex }) => hex);
  const hash = createHash('sha256')
    .update(JSON.stringify([shapes, binary]))
    .digest('hex')
    .slice(0, 16);
  const known = JSON.parse(readFileSync(join(here, 'fixtures/protocol.json'), 'utf8')) as Record<string, string>;
  expect(
    hash,
    `Messages or frames changed. If an older client cannot read them, raise PROTOCOL_VERSION; then note ${hash} in fixtures/protocol.json.`,
  ).toBe(known[PROTOCOL_VERSION]);
});

/** Columns as lists, so that typed and plain ones compare. */
function plain(frame: unknown): unknown {
  return JSON.parse(
    JSON.stringify(frame, (_key, value) => (ArrayBuffer.isView(value) ? Array.from(value as Float64Array) : value)),
  );
}
