// A record never throws: it becomes samples, or rejects that a person can act on.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeRecord, RECORD_MAX_BYTES } from '../../src/ingest/decode-record.ts';
import { REJECTS_PER_RECORD_MAX } from '../../src/ingest/read-record.ts';
import { rejectText } from '../../src/ingest/reject.ts';
import type { SourceRecord } from '../../src/ingest/source.ts';

const NOW = Date.UTC(2026, 0, 31, 12);

function record(value: Uint8Array | string | null): SourceRecord {
  const place = { kafkaTopic: 'metrics.shop', partition: 0, offset: '7', key: null, headers: undefined };
  const bytes = typeof value === 'string' ? new TextEncoder().encode(value) : value;
  return { ...place, timestamp: NOW - 20, arrival: NOW, value: bytes };
}
const decode = (json: unknown) => decodeRecord(record(JSON.stringify(json)), 'shop');
const texts = (json: unknown) => decode(json).rejects.map(rejectText);

describe('samples', () => {
  test('everything a sample can say comes through', () => {
    const { samples, rejects } = decode({
      metric: 'latency_ms',
      value: 12.5,
      time: NOW - 1_000,
      labels: { region: 'eu' },
      unit: 'ms',
      kind: 'counter',
      interval: '1m30s',
      description: 'How long',
      emitter: 'pod-1',
    });
    expect(rejects).toEqual([]);
    expect(samples).toEqual([
      {
        topic: 'shop',
        metric: 'latency_ms',
        value: 12.5,
        time: NOW - 1_000,
        arrival: NOW,
        labels: { region: 'eu' },
        unit: 'ms',
        kind: 'counter',
        intervalMs: 90_000,
        description: 'How long',
        emitter: 'pod-1',
        isEnded: false,
      },
    ]);
  });

  test('a missing time is the record\u2019s timestamp, a missing timestamp the arrival', () => {
    expect(decode({ metric: 'm', value: 1 }).samples[0]?.time).toBe(NOW - 20);
    const bytes = new TextEncoder().encode('{"metric":"m","value":1}');
    expect(decodeRecord({ ...record(bytes), timestamp: -1 }, 'shop').samples[0]?.time).toBe(NOW);
  });

  test('time is read as epoch ms and as RFC 3339 with any offset', () => {
    const times = [NOW, '2026-01-31T12:00:00Z', '2026-01-31T17:30:00.000+05:30'];
    expect(decode(times.map((time) => ({ metric: 'm', value: 1, time }))).samples.map(({ time }) => time)).toEqual([
      NOW,
      NOW,
      NOW,
    ]);
  });

  test('null is a heartbeat, ended needs no value, sparse is an interval of null', () => {
    const { samples } = decode([
      { metric: 'm', value: null },
      { metric: 'm', ended: true },
      { metric: 'm', value: 1, interval: 'sparse' },
    ]);
    expect(samples.map(({ value, isEnded, intervalMs }) => [value, isEnded, intervalMs])).toEqual([
      [null, false, undefined],
      [null, true, undefined],
      [1, false, null],
    ]);
  });

  test('a batch yields samples and rejects one by one, each reject with its index', () => {
    const decoded = decode([{ metric: 'a', value: 1 }, { metric: 'b', value: 'NaN' }, { metric: 'c', value: 3 }, 7]);
    expect(decoded.samples.map(({ metric }) => metric)).toEqual(['a', 'c']);
    expect(decoded.rejects.map(({ index, field }) => [index, field])).toEqual([
      [1, 'value'],
      [3, 'record'],
    ]);
  });

  test('fields beside samples are defaults; a sample\u2019s own win, labels add up', () => {
    const { samples } = decode({
      emitter: 'pod-1',
      unit: 'ms',
      labels: { region: 'eu', host: 'a' },
      samples: [
        { metric: 'a', value: 1 },
        { metric: 'b', value: 2, unit: 's', labels: { host: 'b' } },
      ],
    });
    expect(samples.map(({ unit, labels, emitter }) => [unit, labels, emitter])).toEqual([
      ['ms', { region: 'eu', host: 'a' }, 'pod-1'],
      ['s', { region: 'eu', host: 'b' }, 'pod-1'],
    ]);
  });

  test('a label named __proto__ is left out and changes no prototype', () => {
    const { samples } = decodeRecord(record('{"metric":"m","value":1,"labels":{"__proto__":"x","a":"b"}}'), 'shop');
    expect(Object.entries(samples[0]?.labels ?? {})).toEqual([['a', 'b']]);
  });

  test('an empty batch is no fault', () => {
    expect(decode([])).toMatchObject({ samples: [], rejects: [], rejectedCount: 0 });
  });
});

describe('rejects name the field and the fix', () => {
  test.each([
    [{ metric: 'm', value: 'NaN' }, 'value: expected number, received string "NaN"; write null for no value'],
    [{ metric: 'm', value: '12.5' }, 'value: expected number, received string "12.5"; write it without quotes'],
    [{ metric: 'm' }, 'value: missing; write null for alive without a value'],
    [{ value: 1 }, 'metric: missing; every sample names its metric'],
    [{ metric: 'm', value: 1, time: NOW + 47 * 60_000 }, 'time: 47 min in the future, limit is 10 s'],
    [{ metric: 'm', value: 1, time: NOW + 10_001 }, 'time: 10 s in the future, limit is 10 s'],
    [{ metric: 'm', value: 1, time: NOW - 3 * 86_400_000 }, 'time: 3 days old, history is 24 h'],
    [{ metric: 'm', value: 1, time: NOW / 1_000 }, 'time: looks like epoch seconds; write epoch milliseconds'],
    [{ metric: 'm', value: 1, time: NOW * 1_000 }, 'time: looks like epoch microseconds; write epoch milliseconds'],
    [{ metric: 'm', value: 1, time: NOW * 1e6 }, 'time: looks like epoch nanoseconds; write epoch milliseconds'],
    [
      { metric: 'm', value: 1, labels: { status: 200 } },
      'labels.status: expected text, received number 200; write "200" in quotes',
    ],
    [{ metric: 'm', valeu: 1 }, 'valeu: unknown field; did you mean "value"?'],
    [{ metric: 'm', value: 1, tags: {} }, 'tags: unknown field; did you mean "labels"?'],
    [
      { metric: 'm', value: 1, topic: 'shop' },
      'topic: not a field of a record: the name of the Kafka topic says the topic; leave it out',
    ],
    [{ samples: 3 }, 'samples: expected a list of samples, received number 3'],
    [17, 'record: expected an object or a list of them, received number 17'],
  ])('%j', (json, expected) => {
    expect(texts(json)).toEqual([expected]);
  });

  test('a sample up to 10 s ahead and up to 24 h old is taken', () => {
    const times = [NOW + 10_000, NOW - 24 * 3_600_000];
    expect(decode(times.map((time) => ({ metric: 'm', value: 1, time }))).samples).toHaveLength(2);
  });

  test('half a surrogate pair is no text', () => {
    const { rejects } = decodeRecord(record('{"metric":"m","value":1,"labels":{"a":"\\ud800"}}'), 'shop');
    expect(rejects[0]).toMatchObject({ field: 'labels.a' });
  });

  test('the emitter is named where the record says it', () => {
    expect(decode([{ metric: 'm', value: 'x', emitter: 'pod-9' }]).rejects[0]?.emitter).toBe('pod-9');
    expect(decode({ emitter: 'pod-9', samples: [{ metric: 'm' }] }).rejects[0]?.emitter).toBe('pod-9');
  });

  test('of many rejects in one record the first are written out and all are counted', () => {
    const decoded = decode(Array.from({ length: 500 }, () => ({ metric: 'm' })));
    expect(decoded.rejects).toHaveLength(REJECTS_PER_RECORD_MAX);
    expect(decoded.rejectedCount).toBe(500);
  });

  test('a batch beyond the limit is rejected whole, with the fix', () => {
    expect(texts(Array.from({ length: 10_001 }, () => 0))).toEqual([
      'samples: 10001 samples, limit is 10000; split the batch',
    ]);
  });
});

describe('bytes that are no record', () => {
  test.each([
    ['a tombstone', null, 'has no value'],
    ['nothing', '', 'is empty'],
    ['bytes that are not UTF-8', Uint8Array.of(123, 34, 0xff, 0xfe, 34, 125), 'is not UTF-8 text'],
    ['JSON that was cut off', '{"metric":"m","val', 'the text ends before it is complete'],
    [
      'line protocol',
      'cpu,host=a idle=99.1 1700000000',
      'expected an object or a list of them, received string "cpu,host=',
    ],
    ['a stray letter', '{"metric":"m",value:1}', 'cannot be read from character 14 on'],
    ['NaN in JSON', '{"metric":"m","value":NaN}', 'it has no NaN and no Infinity; write null for no value'],
    ['JSON null', 'null', 'expected an object or a list of them, received null'],
  ])('%s', (_name, value, reason) => {
    const { samples, rejects } = decodeRecord(record(value), 'shop');
    expect(samples).toEqual([]);
    expect(rejects[0]?.field).toBe('record');
    expect(rejects[0]?.reason).toContain(reason);
  });

  test('a real U+FFFD in valid UTF-8 is text', () => {
    expect(decode({ metric: 'm\uFFFD', value: 1 }).samples).toHaveLength(1);
  });

  test('a million brackets, a huge number and too many bytes are rejected', () => {
    for (const value of ['['.repeat(1_000_000), `${'[1,'.repeat(100_000)}`, '{"metric":"m","value":1e999}'])
      expect(decodeRecord(record(value), 'shop').rejectedCount).toBeGreaterThan(0);
    expect(decodeRecord(record(new Uint8Array(RECORD_MAX_BYTES + 1)), 'shop').rejects[0]?.reason).toContain(
      'split the batch',
    );
    const deep = `${'['.repeat(50_000)}${']'.repeat(50_000)}`;
    expect(decodeRecord(record(`{"metric":"m","value":1,"labels":{"a":${deep}}}`), 'shop').rejectedCount).toBe(1);
  });

  test('never throws, and a reason is never longer than a line', () => {
    const whole = JSON.stringify({ metric: 'm', value: 1, time: NOW, labels: { a: 'ü' }, interval: '1s' });
    const mutated = fc
      .tuple(fc.array(fc.tuple(fc.nat(whole.length), fc.nat(255)), { maxLength: 4 }), fc.nat(whole.length))
      .map(([changes, length]) => {
        const bytes = new TextEncoder().encode(whole);
        for (const [at, byte] of changes) bytes[at] = byte;
        return bytes.subarray(0, bytes.length - (length % 3 === 0 ? length : 0));
      });
    const json = fc.json().map((value) => new TextEncoder().encode(value));
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 200 }), mutated, json), (bytes) => {
        const { samples, rejects, rejectedCount } = decodeRecord(record(bytes), 'shop');
        expect(rejectedCount).toBeGreaterThanOrEqual(rejects.length);
        for (const { field, reason } of rejects) expect(field.length + reason.length).toBeLessThan(300);
        for (const { value, time } of samples) {
          expect(value === null || Number.isFinite(value)).toBe(true);
          expect(Number.isFinite(time)).toBe(true);
        }
      }),
      { numRuns: 5_000 },
    );
  });
});
