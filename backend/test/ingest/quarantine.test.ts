// Rejects are kept for whoever can fix them, and never cost more than a stated amount.
import { expect, test } from 'vitest';
import { createQuarantine, QUARANTINED_TOPICS_MAX, REJECT_BYTES_MAX } from '../../src/ingest/quarantine.ts';
import { REJECT_BYTES_PER_TOPIC_MAX, REJECTS_PER_TOPIC_MAX } from '../../src/ingest/reject-queue.ts';
import type { SourceRecord } from '../../src/ingest/source.ts';

function record(offset: number, value: Uint8Array = new TextEncoder().encode('{bad'), name = 'shop'): SourceRecord {
  const place = { kafkaTopic: `metrics.${name}`, partition: 3, offset: String(offset), key: null, headers: undefined };
  return { ...place, timestamp: 1_000 + offset, arrival: 2_000 + offset, value };
}
const because = (reason: string) => ({
  rejects: [{ index: null, field: 'record', reason, emitter: null }],
  rejectedCount: 1,
});

test('a reject is read back with place, reason and bytes, newest first', () => {
  const quarantine = createQuarantine();
  quarantine.put('shop', record(1), because('first'));
  quarantine.put('shop', record(2), because('second'));
  quarantine.put('pay', record(3, undefined, 'pay'), because('elsewhere'));
  expect(quarantine.read('shop', 10)).toMatchObject({
    total: 2,
    rejects: [
      {
        topic: 'shop',
        kafkaTopic: 'metrics.shop',
        partition: 3,
        offset: '2',
        reason: 'second',
        text: '{bad',
        sizeBytes: 4,
      },
      { offset: '1', reason: 'first', at: 2_001 },
    ],
  });
  expect(quarantine.read(null, 2).rejects.map(({ reason }) => reason)).toEqual(['elsewhere', 'second']);
  expect(quarantine.read(null, 10).total).toBe(3);
});

test('of a flood the newest are kept and all are counted', () => {
  const quarantine = createQuarantine();
  for (let offset = 0; offset < REJECTS_PER_TOPIC_MAX + 50; offset++)
    quarantine.put('shop', record(offset), because('x'));
  const { rejects, total } = quarantine.read('shop', 10_000);
  expect(rejects).toHaveLength(REJECTS_PER_TOPIC_MAX);
  expect(rejects[0]?.offset).toBe(String(REJECTS_PER_TOPIC_MAX + 49));
  expect(total).toBe(REJECTS_PER_TOPIC_MAX + 50);
});

test('long records are cut, and together they stay within the bytes of a Kafka topic', () => {
  const quarantine = createQuarantine();
  const long = new Uint8Array(1_000_000).fill(97);
  for (let offset = 0; offset < 500; offset++) quarantine.put('shop', record(offset, long), because('x'));
  const { rejects } = quarantine.read('shop', 10_000);
  expect(rejects[0]).toMatchObject({ sizeBytes: 1_000_000 });
  expect(rejects[0]?.text).toHaveLength(REJECT_BYTES_MAX);
  expect(quarantine.stats().quarantine_bytes).toBeLessThanOrEqual(REJECT_BYTES_PER_TOPIC_MAX);
});

test('the bytes are a copy: the buffer they came in may be used again', () => {
  const quarantine = createQuarantine();
  const buffer = new TextEncoder().encode('{bad');
  quarantine.put('shop', record(1, buffer), because('x'));
  buffer.fill(0);
  expect(quarantine.read('shop', 1).rejects[0]?.text).toBe('{bad');
});

test('beyond the most Kafka topics rejects are only counted', () => {
  const quarantine = createQuarantine();
  for (let at = 0; at < QUARANTINED_TOPICS_MAX + 5; at++)
    quarantine.put(`t${at}`, record(at, undefined, `t${at}`), because('x'));
  expect(quarantine.read(null, 10_000).rejects).toHaveLength(QUARANTINED_TOPICS_MAX);
  expect(quarantine.stats().rejects_total).toBe(QUARANTINED_TOPICS_MAX + 5);
});
