import { createStreamDecoder, createStreamEncoder, encodeHistory, peekTopicId } from '@tidewatch/schemas/wire/encoder';
import { expect, test } from 'vitest';

const def = {
  id: 3,
  metric: 'latency_ms',
  labels: { region: 'eu' },
  kind: 'gauge',
  unit: 'ms',
  description: '',
  intervalMs: 1000,
  isIntervalDeclared: true,
  emitter: '',
} as const;
const columns = { last: [1.5, -0, Number.NaN], min: [1.5, -1, Number.NaN], max: [1.5, Infinity, Number.NaN] };
const delta = {
  topicId: 7,
  from: 4,
  to: 9,
  at: 10_250,
  defs: [def],
  retired: [1],
  states: [[3, 'stale']],
  ages: [[3, 450]],
  buckets: [{ time: 10_000, series: [1, 3, 5], ...columns }],
  checksum: 77,
} as const;

test('a JSON delta reads like its rows, and comes back bit for bit', () => {
  const payload = createStreamEncoder('json').delta(delta);
  expect(payload).toContain('"buckets":[{"time":10000,"rows":[[1,1.5],[3,-0,-1,1e999],[5,null]]}]');
  const frame = createStreamDecoder('json').decode(payload);
  if (frame.kind !== 'delta') throw new Error(frame.kind);
  const [bucket] = frame.delta.buckets;
  expect(Array.from(bucket?.last ?? [])).toEqual([1.5, -0, Number.NaN]);
  expect(Array.from(bucket?.max ?? [])).toEqual([1.5, Infinity, Number.NaN]);
  expect({ ...frame.delta, buckets: [] }).toEqual({ ...delta, buckets: [] });
});

test.each(['json', 'binary'] as const)('%s: the topic of a data frame is known without decoding it', (subprotocol) => {
  const encoder = createStreamEncoder(subprotocol);
  expect(peekTopicId(encoder.delta(delta))).toBe(7);
  const snapshot = { topicId: 300, epoch: 'a', seq: 1, at: 5, stepMs: 1000, series: [] };
  expect(peekTopicId(encoder.snapshot(snapshot))).toBe(300);
  const history = {
    topicId: 9,
    request: 2,
    epoch: 'a',
    seq: 3,
    stepMs: 1000,
    from: 0,
    to: 1,
    completeFrom: 0,
  } as const;
  expect(peekTopicId(encodeHistory({ ...history, series: [] }, subprotocol))).toBe(9);
});

test('a control message belongs to no topic id', () => {
  expect(peekTopicId('{"type":"heartbeat","now":5}')).toBeUndefined();
});

test('a JSON frame that is none is refused by name', () => {
  const decode = (text: string) => () => createStreamDecoder('json').decode(text);
  expect(decode('{')).toThrow('not JSON');
  expect(decode('{"type":"delta","topicId":1,"from":"x","to":2,"at":1}')).toThrow('from');
});
