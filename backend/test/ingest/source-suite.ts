// What every source promises, tested against each implementation.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Upstream } from '@tidewatch/schemas/upstream';
import { describe, expect, test } from 'vitest';
import type { Source, SourceRecord } from '../../src/ingest/source.ts';

export const REPLAY_MS = 60_000;
export const text = (value: string) => new TextEncoder().encode(value);

/** Every test reads Kafka topics of its own. */
let suffix = 0;
export const ownPrefix = () => `m${++suffix}-${Date.now()}.`;

export interface Heard {
  readonly source: Source;
  readonly records: { kafkaTopic: string; offset: string; value: string; arrival: number }[];
  readonly statuses: { kafkaTopic: string; upstream: Upstream; at: number }[];
  readonly gone: string[];
  readonly ready: Promise<void>;
}

export function listen(source: Source): Heard {
  const records: Heard['records'] = [];
  const statuses: Heard['statuses'] = [];
  const gone: string[] = [];
  const ready = source.start({
    onRecords(batch: readonly SourceRecord[]) {
      for (const { kafkaTopic, offset, value, arrival } of batch) {
        records.push({ kafkaTopic, offset, value: Buffer.from(value ?? []).toString(), arrival });
      }
    },
    onGone: (kafkaTopic) => gone.push(kafkaTopic),
    onStatus: (kafkaTopic, upstream) => statuses.push({ kafkaTopic, upstream, at: Date.now() }),
  });
  return { source, records, statuses, gone, ready };
}

export async function until(what: string, is: () => boolean, ms = 15_000): Promise<void> {
  for (const end = Date.now() + ms; !is(); await sleep(50)) if (Date.now() > end) throw new Error(`never: ${what}`);
}

/** `create` makes a source that reads Kafka topics with the prefix. */
export function describeSource(name: 'embedded' | 'Kafka', create: (prefix: string) => Source): void {
  describe(`the ${name} source, as every source`, () => {
    test('hands on every record once, in order, and says that it is live', async () => {
      const prefix = ownPrefix();
      const heard = listen(create(prefix));
      await heard.ready;
      for (let at = 0; at < 50; at++) await heard.source.produce(`${prefix}a`, text(`record ${at}`));
      await until('50 records', () => heard.records.length >= 50);
      await sleep(300);
      expect(heard.records.map(({ value }) => value)).toEqual(Array.from({ length: 50 }, (_, at) => `record ${at}`));
      await until('live', () => heard.statuses.at(-1)?.upstream.state === 'live');
      await heard.source.stop();
    });

    test('replays its window before it is ready, each record stamped with its own time', async () => {
      const prefix = ownPrefix();
      const before = create(prefix);
      const first = name === 'Kafka' ? listen(before) : undefined;
      await first?.ready;
      const now = Date.now();
      await before.produce(`${prefix}a`, text('too old'), now - REPLAY_MS - 30_000);
      await before.produce(`${prefix}a`, text('half a minute old'), now - 30_000);
      await before.produce(`${prefix}a`, text('new'));
      await first?.source.stop();
      const heard = listen(name === 'Kafka' ? create(prefix) : before);
      await heard.ready;
      expect(heard.records.map(({ value }) => value)).toEqual(['half a minute old', 'new']);
      expect(heard.records[0]?.arrival).toBe(now - 30_000);
      await heard.source.stop();
    });

    test('refuses records once it has stopped', async () => {
      const source = create(ownPrefix());
      await listen(source).ready;
      await source.stop();
      await expect(source.produce('a', text('late'))).rejects.toMatchObject({ code: 'stopped' });
    });
  });
}
