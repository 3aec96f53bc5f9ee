// docs/EMITTING.md is read by people who then send what it shows: every JSON example in it is decoded here.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { IngestBody } from '@tidewatch/schemas/record';
import { recordJsonSchema } from '@tidewatch/schemas/record-json-schema';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { readRecord } from '../../src/ingest/read-record.ts';
import { rejectText } from '../../src/ingest/reject.ts';

const text = readFileSync(join(import.meta.dirname, '../../../docs/EMITTING.md'), 'utf8');
const blocks = (language: string) =>
  [...text.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)]
    .filter(([, name]) => name === language)
    .map(([, , body]) => body ?? '');
const examples = blocks('json').map((body) => JSON.parse(body) as Record<string, unknown>);
const posted = examples.filter((example) => 'topic' in example);
const emitted = examples.filter((example) => !('topic' in example));
const NOW = Date.UTC(2026, 0, 31, 12, 0, 1);
const validate = new Ajv2020({ strict: false, formats: { 'date-time': true } }).compile(recordJsonSchema());

describe('docs/EMITTING.md', () => {
  test('has examples of both kinds', () => {
    expect(emitted.length).toBeGreaterThan(8);
    expect(posted.length).toBeGreaterThan(1);
  });

  test.each(emitted.map((example) => [JSON.stringify(example), example]))('%s decodes', (_text, example) => {
    const decoded = readRecord(example, { topic: 'shop.checkout', timestamp: NOW, arrival: NOW });
    expect(decoded.rejects).toEqual([]);
    expect(decoded.samples.length).toBeGreaterThan(0);
    expect(validate(example)).toBe(true);
  });

  test.each(posted.map((example) => [JSON.stringify(example), example]))('%s may be posted', (_text, example) => {
    expect(IngestBody.safeParse(example).error).toBeUndefined();
  });

  test('the commands send what decodes', () => {
    const sent = [
      ...blocks('sh')
        .join('\n')
        .matchAll(/'(\{.*\})'/g),
    ].map(([, json]) => JSON.parse(json ?? '') as object);
    expect(sent).toHaveLength(2);
    for (const record of sent) {
      const { topic: _topic, ...sample } = record as Record<string, unknown>;
      expect(readRecord(sample, { topic: 't', timestamp: NOW, arrival: NOW }).rejects).toEqual([]);
    }
  });

  test('every reject it shows is worded as the gateway words it', () => {
    const read = (json: unknown) => readRecord(json, { topic: 't', timestamp: NOW, arrival: NOW }).rejects;
    const good = { metric: 'm', value: 1 };
    const reasons = [
      { ...good, value: 'NaN' },
      { ...good, labels: { status: 200 } },
      { ...good, time: NOW + 47 * 60_000 },
      { ...good, time: NOW / 1_000 },
      { metric: 'm', valeu: 1 },
      [good, good, good, { value: 1 }],
    ].flatMap((json) => read(json).map(rejectText));
    for (const reason of reasons) expect(text).toContain(reason);
  });
});
