// decode(encode(x)) is x, bit for bit, for everything that can be said.
import type { SubprotocolName } from '@tidewatch/schemas/message-server';
import { BitReader } from '@tidewatch/schemas/wire/bit-reader';
import { BitWriter } from '@tidewatch/schemas/wire/bit-writer';
import { createStreamDecoder, createStreamEncoder, encodeHistory, peekTopicId } from '@tidewatch/schemas/wire/encoder';
import { NumberFit } from '@tidewatch/schemas/wire/number-fit';
import { decimalParam, RAW_PARAM, xorParam } from '@tidewatch/schemas/wire/number-param';
import { getNumber } from '@tidewatch/schemas/wire/number-reader';
import { putNumber } from '@tidewatch/schemas/wire/number-writer';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anyDelta, anyDouble, anyHistory, anySnapshot, plain } from './arbitraries.ts';

const anyParam = fc.oneof(
  fc.constant(RAW_PARAM),
  fc.tuple(fc.boolean(), fc.nat(15), fc.nat(48)).map((param) => decimalParam(...param)),
  fc.nat(63).chain((lead) => fc.integer({ min: 1, max: 64 - lead }).map((width) => xorParam(lead, width))),
);

test('a number comes back under any parameter, against any number before it', () => {
  fc.assert(
    fc.property(anyParam, anyDouble, anyDouble, (param, before, value) => {
      const writer = new BitWriter();
      putNumber(writer, param, before, value);
      const reader = new BitReader(writer.take());
      expect(getNumber(reader, param, before)).toBe(value);
      reader.end();
    }),
    { numRuns: 5_000 },
  );
});

test('a column comes back under the parameters that are learned from it', () => {
  fc.assert(
    fc.property(fc.array(anyDouble, { minLength: 1, maxLength: 200, size: 'max' }), (values) => {
      const fit = new NumberFit();
      let param = fit.first(values[0] as number);
      let before = Number.NaN;
      for (const value of values) {
        const writer = new BitWriter();
        const written = putNumber(writer, param, before, value);
        expect(getNumber(new BitReader(writer.take()), param, before)).toBe(value);
        param = fit.next(param, before, value, written);
        before = value;
      }
    }),
    { numRuns: 300 },
  );
});

describe.each<SubprotocolName>(['binary', 'json'])('%s', (subprotocol) => {
  test('a snapshot comes back', () => {
    fc.assert(
      fc.property(anySnapshot, (snapshot) => {
        const payload = createStreamEncoder(subprotocol).snapshot(snapshot);
        expect(plain(createStreamDecoder(subprotocol).decode(payload))).toEqual({ kind: 'snapshot', snapshot });
        expect(peekTopicId(payload)).toBe(snapshot.topicId);
      }),
    );
  });

  test('a delta comes back as the next one, merged, and after a reset', () => {
    fc.assert(
      fc.property(anySnapshot, anyDelta, anyDelta, (snapshot, one, two) => {
        const encoder = createStreamEncoder(subprotocol);
        const decoder = createStreamDecoder(subprotocol);
        const { topicId } = snapshot;
        const first = { ...one, topicId, from: snapshot.seq, to: snapshot.seq + 3 };
        const second = { ...two, topicId, from: first.to, to: first.to + 1 };
        const expected = (delta: typeof one) => ({ kind: 'delta', delta: plain(onGrid(delta, snapshot.stepMs)) });
        decoder.decode(encoder.snapshot(snapshot));
        for (const delta of [first, second].map((delta) => onGrid(delta, snapshot.stepMs))) {
          expect(plain(decoder.decode(encoder.delta(delta)))).toEqual(expected(delta));
        }
        const last = onGrid(second, snapshot.stepMs);
        for (const isReset of [false, true]) {
          expect(plain(decoder.decode(encoder.merged(last, isReset)))).toEqual(expected(last));
        }
        const joined = createStreamDecoder(subprotocol);
        expect(plain(joined.decode(encoder.merged(last, true)))).toEqual(expected(last));
      }),
      { numRuns: 300 },
    );
  });

  test('a history comes back', () => {
    fc.assert(
      fc.property(anyHistory, (history) => {
        const frame = createStreamDecoder(subprotocol).decode(encodeHistory(history, subprotocol));
        expect(plain(frame)).toEqual({ kind: 'history', history });
      }),
    );
  });
});

/** Buckets begin at multiples of the stream's width. */
function onGrid<Delta extends { readonly buckets: readonly { readonly time: number }[] }>(
  delta: Delta,
  stepMs: number,
): Delta {
  const times = delta.buckets.map((group) => ({ ...group, time: Math.floor(group.time / stepMs) * stepMs }));
  return { ...delta, buckets: [...new Map(times.map((group) => [group.time, group])).values()] };
}
