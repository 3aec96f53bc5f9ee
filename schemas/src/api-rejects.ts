// GET /api/rejects: records that did not decode, newest first, as they came. For admins, and of one topic for those who
// may publish to it or manage it.
import { z } from 'zod';
import { Topic } from './topic.ts';

export const RejectRow = z.object({
  /** null: the Kafka topic names no topic. */
  topic: Topic.nullable(),
  kafkaTopic: z.string(),
  partition: z.number(),
  offset: z.string(),
  /** Place in a batch; null where the record as a whole is wrong. */
  index: z.number().nullable(),
  /** Epoch ms of its arrival. */
  at: z.number(),
  field: z.string(),
  reason: z.string(),
  /** The record as text, as far as it was kept. */
  text: z.string(),
  sizeBytes: z.number(),
});
export type RejectRow = z.infer<typeof RejectRow>;
export const Rejects = z.object({
  rejects: z.array(RejectRow),
  /** All since the gateway started, also those no longer kept. */
  total: z.number(),
  at: z.number(),
});
export type Rejects = z.infer<typeof Rejects>;
export const RejectsQuery = z.object({
  topic: Topic.optional(),
  limit: z.coerce.number().int().min(1).max(1_000).default(200),
});
