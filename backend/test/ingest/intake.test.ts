// What a source hands on ends in metrics, in the quarantine or in a count: never nowhere.
import { expect, test } from 'vitest';
import { createIntake } from '../../src/ingest/intake.ts';
import { createQuarantine } from '../../src/ingest/quarantine.ts';
import { createRoute } from '../../src/ingest/route.ts';
import type { SourceRecord } from '../../src/ingest/source.ts';
import { createMetrics } from '../../src/metrics/metrics.ts';

const NOW = Date.UTC(2026, 0, 31, 12);

function rig(seriesPerTopicMax = 100) {
  const metrics = createMetrics({ caps: { seriesPerTopicMax, seriesMax: 1_000, historyMaxBytes: 1e9 } });
  const quarantine = createQuarantine();
  const touched: string[] = [];
  const route = createRoute({ prefix: 'metrics.' });
  const intake = createIntake({ route, metrics, quarantine, onTaken: (topic) => touched.push(topic) });
  return { intake, metrics, quarantine, touched };
}

function record(topic: string, json: unknown): SourceRecord {
  const place = { kafkaTopic: `metrics.${topic}`, partition: 0, offset: '0', key: null, headers: undefined };
  const value = new TextEncoder().encode(typeof json === 'string' ? json : JSON.stringify(json));
  return { ...place, timestamp: NOW, arrival: NOW, value };
}

test('samples reach their topic, and each topic of a batch is named once', () => {
  const { intake, metrics, touched } = rig();
  intake.take([
    record('a', { metric: 'm', value: 1 }),
    record('a', [
      { metric: 'n', value: 2 },
      { metric: 'o', value: 3 },
    ]),
    record('b', { metric: 'm', value: 4 }),
  ]);
  expect([...metrics.topics()].map(({ name }) => name).sort()).toEqual(['a', 'b']);
  expect(touched).toEqual(['a', 'b']);
  expect(intake.stats()).toMatchObject({ records_total: 3, samples_total: 4, rejects_total: 0 });
});

test('a bad record and a good one in one batch: one is kept aside, the other goes on', () => {
  const { intake, quarantine, touched } = rig();
  intake.take([record('a', '{bad'), record('b', { metric: 'm', value: 1 })]);
  expect(quarantine.read('a', 10).total).toBe(1);
  expect(touched).toEqual(['b']);
});

test('a series too many is refused by name and shown with its fix', () => {
  const { intake, quarantine } = rig(2);
  intake.take([
    record(
      'a',
      ['x', 'y', 'z'].map((id) => ({ metric: 'm', value: 1, labels: { id } })),
    ),
  ]);
  expect(intake.stats()).toMatchObject({ samples_total: 2, refused_total: 1 });
  expect(quarantine.read('a', 10).rejects[0]?.reason).toContain('SERIES_PER_TOPIC_MAX');
});

test('a Kafka topic that names no topic is counted', () => {
  const { intake } = rig();
  intake.take([record('a..b', { metric: 'm', value: 1 })]);
  expect(intake.stats()).toMatchObject({ unrouted_total: 1, samples_total: 0 });
});
