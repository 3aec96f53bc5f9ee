// The schema RecordSample, written by hand because every sample passes here and a general parser costs more than the
// rest of ingest. A property test holds the two equal: this one finds no fault exactly where the schema accepts.
import { parseDurationMs } from '@tidewatch/schemas/duration';
import { LABEL_NAME_MAX_CHARS, LABEL_VALUE_MAX_CHARS, LABELS_MAX, METRIC_MAX_CHARS } from '@tidewatch/schemas/labels';
import { DESCRIPTION_MAX_CHARS, EMITTER_MAX_CHARS, type RecordSample, UNIT_MAX_CHARS } from '@tidewatch/schemas/record';
import { describe, type Fault, fault, shorten } from './fault.ts';
import { nearestField } from './nearest-field.ts';
import { parseTime } from './sample-time.ts';

/** The first fault of what JSON gave, or null where it is a RecordSample. */
export function checkSample(sample: unknown): Fault | null {
  if (!isObject(sample)) return fault('record', `expected a sample (an object), received ${describe(sample)}`);
  if (sample.metric === undefined) return fault('metric', 'missing; every sample names its metric');
  for (const field in sample) {
    const found = checkField(field, sample[field]);
    if (found !== null) return found;
  }
  return null;
}

/** What checkSample has accepted. */
export function isSample(sample: unknown): sample is RecordSample {
  return checkSample(sample) === null;
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function checkField(field: string, value: unknown): Fault | null {
  switch (field) {
    case 'metric':
      if (value === '') return fault(field, 'a metric name is not empty');
      return checkText(field, value, METRIC_MAX_CHARS);
    case 'value':
      return value === null || (typeof value === 'number' && Number.isFinite(value))
        ? null
        : fault(field, valueReason(value));
    case 'time':
      return checkTime(value);
    case 'labels':
      return checkLabels(value);
    case 'unit':
      return checkText(field, value, UNIT_MAX_CHARS);
    case 'kind':
      return value === 'gauge' || value === 'counter'
        ? null
        : fault(field, `expected "gauge" or "counter", received ${describe(value)}`);
    case 'interval':
      return value === 'sparse' || (typeof value === 'string' && parseDurationMs(value) !== undefined)
        ? null
        : fault(
            field,
            `expected a duration such as "1s", "500ms" or "1m30s", or "sparse"; received ${describe(value)}`,
          );
    case 'description':
      return checkText(field, value, DESCRIPTION_MAX_CHARS);
    case 'emitter':
      return checkText(field, value, EMITTER_MAX_CHARS);
    case 'ended':
      return typeof value === 'boolean' ? null : fault(field, `expected true or false, received ${describe(value)}`);
    default:
      return fault(field, unknownReason(field));
  }
}

function checkText(field: string, value: unknown, maxChars: number): Fault | null {
  if (typeof value !== 'string') return fault(field, `expected text, received ${describe(value)}`);
  return value.length <= maxChars ? null : fault(field, `${value.length} characters, limit is ${maxChars}`);
}

function checkTime(value: unknown): Fault | null {
  if (typeof value === 'number' && Number.isFinite(value)) return null;
  if (typeof value === 'string' && parseTime(value) !== undefined) return null;
  const fix = typeof value === 'string' && /^\d+$/.test(value) ? '; write it without quotes' : '';
  return fault(
    'time',
    `expected epoch ms or RFC 3339 such as "2026-01-31T12:00:00Z", received ${describe(value)}${fix}`,
  );
}

function checkLabels(labels: unknown): Fault | null {
  if (!isObject(labels))
    return fault('labels', `expected an object such as {"region":"eu"}, received ${describe(labels)}`);
  let count = 0;
  for (const name in labels) {
    if (name === '__proto__') continue;
    count++;
    const value = labels[name];
    if (name === '') return fault('labels', 'a label name is not empty');
    if (name.length > LABEL_NAME_MAX_CHARS)
      return fault(
        'labels',
        `the name "${shorten(name)}" has ${name.length} characters, limit is ${LABEL_NAME_MAX_CHARS}`,
      );
    if (typeof value !== 'string') return fault(`labels.${name}`, labelReason(value));
    if (value.length > LABEL_VALUE_MAX_CHARS)
      return fault(`labels.${name}`, `${value.length} characters, limit is ${LABEL_VALUE_MAX_CHARS}`);
  }
  return count <= LABELS_MAX ? null : fault('labels', `${count} labels, limit is ${LABELS_MAX}`);
}

function valueReason(value: unknown): string {
  const reason = `expected number, received ${describe(value)}`;
  if (typeof value !== 'string') return reason;
  const number = value.trim() === '' ? Number.NaN : Number(value);
  return Number.isFinite(number) ? `${reason}; write it without quotes` : `${reason}; write null for no value`;
}

function labelReason(value: unknown): string {
  const reason = `expected text, received ${describe(value)}`;
  return typeof value === 'number' || typeof value === 'boolean' ? `${reason}; write "${value}" in quotes` : reason;
}

function unknownReason(field: string): string {
  if (field === 'topic') return 'not a field of a record: the name of the Kafka topic says the topic; leave it out';
  if (field === 'samples') return 'a batch does not stand inside a batch';
  const near = nearestField(field);
  return near === undefined
    ? 'unknown field; what describes a series goes into labels'
    : `unknown field; did you mean "${near}"?`;
}
