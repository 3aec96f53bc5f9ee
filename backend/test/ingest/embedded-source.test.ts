// The embedded source against the promises of every source, then its own: what it holds is bounded.
import { expect, test } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { createEmbeddedSource, HELD_MAX } from '../../src/ingest/embedded-source.ts';
import { describeSource, listen, ownPrefix, REPLAY_MS, text, until } from './source-suite.ts';

const create = () => createEmbeddedSource({ clock: systemClock, replayMs: REPLAY_MS });

describeSource('embedded', create);

test('numbers the records of each Kafka topic from 0, as one partition', async () => {
  const heard = listen(create());
  await heard.ready;
  for (const topic of ['a', 'b', 'a']) await heard.source.produce(topic, text(topic));
  await until('three', () => heard.records.length === 3);
  expect(heard.records.map(({ kafkaTopic, offset }) => [kafkaTopic, offset])).toEqual([
    ['a', '0'],
    ['b', '0'],
    ['a', '1'],
  ]);
  await heard.source.stop();
});

test('before start it holds the newest, not everything', async () => {
  const source = create();
  const topic = `${ownPrefix()}a`;
  for (let at = 0; at < HELD_MAX + 10; at++) await source.produce(topic, text(String(at)));
  const heard = listen(source);
  await heard.ready;
  expect(heard.records).toHaveLength(HELD_MAX);
  expect(heard.records[0]?.value).toBe('10');
  await source.stop();
});

test('what is stamped in the past arrived in the past: it is history, not news', async () => {
  const heard = listen(create());
  await heard.ready;
  const then = Date.now() - 10_000;
  await heard.source.produce('a', text('old'), then);
  await until('one', () => heard.records.length === 1);
  expect(heard.records[0]?.arrival).toBe(then);
  await heard.source.stop();
});
