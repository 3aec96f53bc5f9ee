// schemas/record.schema.json is what emitters fetch: it must say what the gateway's schema says.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { RecordSample } from '../src/record.ts';
import { recordJsonSchema } from '../src/record-json-schema.ts';

const path = join(import.meta.dirname, '../record.schema.json');

test('the exported JSON Schema is the one that the code makes', () => {
  expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(recordJsonSchema());
});

const validate = new Ajv2020({ strict: false, formats: { 'date-time': true } }).compile(recordJsonSchema());

test.each([
  [{ metric: 'm', value: 1 }, true],
  [{ metric: 'm', value: null, labels: { region: 'eu' }, interval: '1s' }, true],
  [{ metric: 'm', ended: true }, true],
  [{ metric: '', value: 1 }, false],
  [{ metric: 'm', value: '1' }, false],
  [{ metric: 'm', value: 1, labels: { status: 200 } }, false],
  [{ metric: 'm', value: 1, kind: 'histogram' }, false],
  [{ metric: 'm', value: 1, tags: {} }, false],
  [{ metric: 'm', value: 1, interval: '5 minutes' }, false],
  [{ metric: 'm', value: 1, interval: '1m30s' }, true],
  [{ metric: 'm', value: 1, time: 'yesterday' }, false],
])('says of %j the same as the schema in the code: %s', (sample, isGood) => {
  expect(RecordSample.safeParse(sample).success).toBe(isGood);
  expect(validate(sample)).toBe(isGood);
});

test('takes a list, and a batch whose samples take what they lack from the defaults', () => {
  expect(validate([{ metric: 'a', value: 1 }])).toBe(true);
  expect(validate({ metric: 'a', labels: { region: 'eu' }, samples: [{ value: 1 }, { value: 2 }] })).toBe(true);
  expect(validate({ samples: [{ metric: 'a', valeu: 1 }] })).toBe(false);
  expect(validate({ samples: 5 })).toBe(false);
});
