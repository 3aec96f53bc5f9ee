import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createStreamEncoder } from '@tidewatch/schemas/wire/encoder';
import { expect, test } from 'vitest';
import { readTrace, traceDeltas, traceSnapshot } from '../../../schemas/bench/trace.ts';
import { captureLine, readCapture } from '../capture.ts';
import { fits, parseScript } from '../script.ts';
import { createWireTally } from '../wire-tally.ts';

const trace = { ...readTrace(), rows: readTrace().rows.slice(0, 20) };

test.each(['binary', 'json'] as const)('%s: every byte is counted, by message, topic and series', (subprotocol) => {
  const tally = createWireTally();
  const encoder = createStreamEncoder(subprotocol);
  tally.take('{"type":"subscribed","topicId":3,"topic":"trace"}');
  const frames = [encoder.snapshot(traceSnapshot(trace)), ...traceDeltas(trace).map((delta) => encoder.delta(delta))];
  for (const frame of frames) tally.take(frame);
  const bytes = frames.reduce((sum, frame) => sum + frame.length, 0);
  expect(tally.byTopic.get('trace')).toMatchObject({ messages: 20, bytes, points: 20 * 16 });
  expect(tally.byKind.get('delta')).toMatchObject({ messages: 19, points: 19 * 16 });
  expect(tally.series).toHaveLength(16);
  const { bytes: own = 0, jsonBytes = 0 } = tally.byKind.get('delta') ?? {};
  const bits = tally.series.reduce((sum, series) => sum + series.bits, 0);
  if (subprotocol === 'json') expect(jsonBytes).toBe(own);
  else {
    expect(own).toBeLessThan(jsonBytes / 5);
    // What the series take is less than the frames that carry them, by the heads alone.
    expect(bits / 8).toBeLessThan(own);
    expect(bits / 8).toBeGreaterThan(own / 2);
  }
});

test('a frame that does not decode is counted as such', () => {
  const tally = createWireTally();
  tally.take('{"type":"subscribed","topicId":0,"topic":"trace"}');
  tally.take(new Uint8Array([0, 1, 2, 3]));
  expect(tally.byKind.get('not decoded')).toMatchObject({ messages: 1, bytes: 4 });
});

test('a capture holds what came, text and binary', () => {
  const dir = mkdtempSync(join(tmpdir(), 'tidewatch-capture-'));
  const path = join(dir, 'capture');
  writeFileSync(path, captureLine(1, '{"type":"hello"}') + captureLine(2, new Uint8Array([0, 255, 16])));
  expect(readCapture(path)).toEqual(['{"type":"hello"}', new Uint8Array([0, 255, 16])]);
  writeFileSync(path, '{"at":1}\n');
  expect(() => readCapture(path)).toThrow('Line 1');
  rmSync(dir, { recursive: true });
});

test('a reply fits a script where it has every field that the script names', () => {
  expect(fits({ type: 'a', list: [{ x: 1 }] }, { type: 'a', list: [{ x: 1, y: 2 }], more: 1 })).toBe(true);
  expect(fits({ list: [1] }, { list: [1, 2] })).toBe(false);
  expect(fits({ a: null }, {})).toBe(false);
});

test('a script names the step that is none', () => {
  expect(parseScript('[{"send":{"type":"x"}},{"expectClose":4400}]')).toEqual([
    { send: { type: 'x' } },
    { expectClose: 4400, withinMs: 5_000 },
  ]);
  expect(() => parseScript('[{"send":{}},{"expect":3}]')).toThrow('Step 2');
});
