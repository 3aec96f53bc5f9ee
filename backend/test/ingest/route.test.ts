// The rest of a Kafka topic's name is the topic; what names none is remembered, never read.
import { expect, test } from 'vitest';
import { createRoute } from '../../src/ingest/route.ts';

test('a Kafka topic with the prefix feeds the topic named by the rest', () => {
  const route = createRoute({ prefix: 'metrics.' });
  expect(route.topicOf('metrics.shop.checkout')).toBe('shop.checkout');
  expect(route.kafkaTopicOf('shop.checkout')).toBe('metrics.shop.checkout');
});

test('others feed nothing and are no fault', () => {
  const route = createRoute({ prefix: 'metrics.' });
  for (const name of ['orders', '__consumer_offsets', 'Metrics.a', 'metricsa']) expect(route.topicOf(name)).toBe(null);
  expect(route.unroutable()).toEqual([]);
});

test('a rest that names no topic is shown once, however often it is seen', () => {
  const route = createRoute({ prefix: 'metrics.' });
  for (const name of ['metrics.', 'metrics.a..b', 'metrics.a.', 'metrics.a..b']) expect(route.topicOf(name)).toBe(null);
  expect(route.unroutable()).toEqual(['metrics.', 'metrics.a..b', 'metrics.a.']);
});

test('a prefix is text, not a pattern', () => {
  const route = createRoute({ prefix: 'm.x' });
  expect(route.topicOf('m.xa')).toBe('a');
  expect(route.topicOf('mxxa')).toBe(null);
});
