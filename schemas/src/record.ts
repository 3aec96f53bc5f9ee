// What a service emits: one sample, or a batch of them, as JSON on a Kafka topic or by POST /api/ingest.
// Published as JSON Schema; described for emitters in docs/EMITTING.md.
import { z } from 'zod';
import { Duration } from './duration.ts';
import { Labels, MetricName } from './labels.ts';
import { SERIES_KINDS } from './series.ts';
import { Topic } from './topic.ts';

export const UNIT_MAX_CHARS = 64;
export const DESCRIPTION_MAX_CHARS = 500;
export const EMITTER_MAX_CHARS = 200;
/** Samples in one batch. A record of Kafka's default 1 MB holds about 6,000 of them. */
export const BATCH_MAX_SAMPLES = 10_000;

export const RecordSample = z.strictObject({
  metric: MetricName,
  /** null: alive, and no value (a heartbeat, drawn as a gap). */
  value: z.number().nullable().optional(),
  /** Epoch ms or RFC 3339; left out: the record's timestamp. */
  time: z.union([z.number(), z.iso.datetime({ offset: true })]).optional(),
  labels: Labels.optional(),
  unit: z.string().max(UNIT_MAX_CHARS).optional(),
  kind: z.enum(SERIES_KINDS).optional(),
  interval: z.union([z.literal('sparse'), Duration]).optional(),
  description: z.string().max(DESCRIPTION_MAX_CHARS).optional(),
  emitter: z.string().max(EMITTER_MAX_CHARS).optional(),
  /** The series is over: it does not go stale, it has ended. Needs no value. */
  ended: z.boolean().optional(),
});
export type RecordSample = z.infer<typeof RecordSample>;

/** A batch: an array, or an object with `samples` whose other fields are defaults for each. */
export const RecordBatch = z.array(z.unknown()).max(BATCH_MAX_SAMPLES);

/** POST /api/ingest: the same record, plus the topic. */
export const IngestBody = z.union([
  RecordSample.extend({ topic: Topic }),
  z.strictObject({ topic: Topic, samples: z.array(z.unknown()).max(BATCH_MAX_SAMPLES) }),
]);
