// Whatever bytes come, a decoder answers with a frame or with a FrameError that says what is wrong: it never crashes,
// never hangs, and never holds more than a bounded multiple of what it was given.
import { FrameError, type StreamDecoder } from '@tidewatch/schemas/wire/codec';
import { createStreamDecoder, createStreamEncoder, encodeHistory } from '@tidewatch/schemas/wire/encoder';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readTrace, traceDeltas, traceHistory, traceSnapshot } from '../../bench/trace.ts';
import { anyDelta, anyHistory, anySnapshot } from './arbitraries.ts';

function decodes(decoder: StreamDecoder, payload: Uint8Array | string): boolean {
  try {
    decoder.decode(payload);
    return true;
  } catch (error) {
    expect(error).toBeInstanceOf(FrameError);
    expect((error as Error).message).not.toBe('');
    return false;
  }
}

test('random bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300, size: 'max' }), (bytes) => {
      decodes(createStreamDecoder('binary'), bytes);
    }),
    { numRuns: 5_000 },
  );
});

const damage = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 1, max: 255 })), { minLength: 1, maxLength: 4 });
const anyFrames = fc.oneof(
  fc.tuple(anySnapshot, anyDelta).map(([snapshot, delta]) => {
    const encoder = createStreamEncoder('binary');
    const next = { ...delta, from: snapshot.seq, to: snapshot.seq + 1 };
    return [encoder.snapshot(snapshot), encoder.delta(next), encoder.merged(next, true)] as Uint8Array[];
  }),
  anyHistory.map((history) => [encodeHistory(history, 'binary') as Uint8Array]),
);

test('frames with flipped bits, cut short or grown', () => {
  let refused = 0;
  fc.assert(
    fc.property(anyFrames, damage, fc.nat(), (frames, flips, cut) => {
      const decoder = createStreamDecoder('binary');
      for (const frame of frames) {
        const broken = Uint8Array.from(frame);
        for (const [at, bits] of flips) broken[at % broken.length] = (broken[at % broken.length] as number) ^ bits;
        if (!decodes(decoder, broken)) refused++;
        if (!decodes(decoder, broken.subarray(0, cut % broken.length))) refused++;
        if (!decodes(decoder, Uint8Array.from([...frame, 0]))) refused++;
      }
    }),
    { numRuns: 500 },
  );
  expect(refused).toBeGreaterThan(500);
}, 60_000);

test('a frame that was damaged on the way never makes a decoder slow', () => {
  const trace = readTrace();
  const encoder = createStreamEncoder('binary');
  const snapshot = encoder.snapshot(traceSnapshot(trace)) as Uint8Array;
  const delta = encoder.delta(traceDeltas(trace)[0] as never) as Uint8Array;
  const history = encodeHistory(traceHistory({ ...trace, rows: trace.rows.slice(0, 50) }), 'binary') as Uint8Array;
  const decoder = createStreamDecoder('binary');
  let slowest = 0;
  for (const frame of [snapshot, delta, history]) {
    for (let bit = 0; bit < frame.length * 8; bit += 3) {
      const broken = Uint8Array.from(frame);
      broken[bit >> 3] = (broken[bit >> 3] as number) ^ (1 << (bit & 7));
      const begun = performance.now();
      decodes(decoder, broken);
      slowest = Math.max(slowest, performance.now() - begun);
    }
  }
  expect(slowest).toBeLessThan(1_000);
}, 60_000);

test('text that is no frame, and a frame of the other subprotocol', () => {
  fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => !decodes(createStreamDecoder('json'), text)));
  expect(() => createStreamDecoder('binary').decode('{}')).toThrow(FrameError);
  expect(() => createStreamDecoder('json').decode(new Uint8Array(4))).toThrow(FrameError);
});

test('a refusal says what is wrong', () => {
  const decoder = createStreamDecoder('binary');
  expect(() => decoder.decode(new Uint8Array(0))).toThrow('The frame ends too early.');
  const delta = createStreamEncoder('binary').delta({
    topicId: 1,
    from: 4,
    to: 5,
    at: 6,
    defs: [],
    retired: [],
    states: [],
    ages: [],
    buckets: [],
    checksum: null,
  });
  expect(() => decoder.decode(Uint8Array.from([...(delta as Uint8Array), 7]))).toThrow('Bits are left over');
  expect(() => decoder.decode(Uint8Array.of(0, 0, 0, 0))).toThrow('does not follow');
});
