// The record as JSON Schema, for emitters that check what they send before they send it. Written to
// schemas/record.schema.json; a test keeps the two equal. What JSON Schema cannot say (a time within the window, at most
// so many labels over defaults) only the gateway checks.
import { z } from 'zod';
import { LABELS_MAX } from './labels.ts';
import { BATCH_MAX_SAMPLES, RecordSample } from './record.ts';

const DESCRIPTIONS: Readonly<Record<string, string>> = {
  metric: 'Name of the metric, such as latency_ms.',
  value: 'A number; null: alive, and no value (a heartbeat, drawn as a gap).',
  time: "Epoch ms or RFC 3339 with offset; left out: the record's timestamp.",
  labels: 'Names and values that tell the series of a metric apart.',
  unit: 'UCUM: ms, By, 1, {request}. Anything else is shown as written.',
  kind: 'gauge (default): a reading. counter: a total that only grows, shown as its rate a second.',
  interval: 'Declared cadence as a Prometheus duration (1s, 500ms, 1m30s), or sparse.',
  description: 'One sentence for people.',
  emitter: 'Who sends it: host, pod or process.',
  ended: 'true: the series is over. Needs no value.',
};

const DURATION = '^(?=.)(\\d+y)?(\\d+w)?(\\d+d)?(\\d+h)?(\\d+m)?(\\d+s)?(\\d+ms)?$';

/** One sample, a list of samples, or an object with samples whose other fields are defaults for each. */
export function recordJsonSchema(): Record<string, unknown> {
  const { $schema, ...sample } = z.toJSONSchema(RecordSample, { io: 'input' }) as Record<string, unknown>;
  const properties = sample.properties as Record<string, Record<string, unknown>>;
  for (const [name, property] of Object.entries(properties)) property.description = DESCRIPTIONS[name];
  properties.interval = { ...properties.interval, anyOf: [{ const: 'sparse' }, { type: 'string', pattern: DURATION }] };
  if (properties.labels !== undefined) properties.labels.maxProperties = LABELS_MAX;
  const samples = { type: 'array', maxItems: BATCH_MAX_SAMPLES };
  const reference = { $ref: '#/$defs/sample' };
  return {
    $schema,
    title: 'Tidewatch record',
    description: 'The value of a Kafka record that Tidewatch reads.',
    anyOf: [reference, { ...samples, items: reference }, { $ref: '#/$defs/batch' }],
    $defs: {
      sample,
      batch: {
        type: 'object',
        description:
          'Samples with defaults: a field beside samples holds for each sample that lacks it; labels add up.',
        // A sample may take its metric from the defaults.
        properties: { ...properties, samples: { ...samples, items: { ...sample, required: [] } } },
        required: ['samples'],
        additionalProperties: false,
      },
    },
  };
}
