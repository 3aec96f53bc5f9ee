// POST /api/ingest: the same record as on Kafka, plus the topic. Checked before anything is produced, so that the sender
// hears at once what Kafka would only hear later.
import { Topic } from '@tidewatch/schemas/topic';
import { isObject } from './check-sample.ts';
import { describe, type Fault, fault } from './fault.ts';
import { type Decoded, readRecord } from './read-record.ts';

export interface PostedRecord {
  readonly topic: string;
  /** The record to produce: the body without its topic. */
  readonly value: Uint8Array;
  /** What it holds, for the answer; the gateway takes its samples from the source like all others. */
  readonly decoded: Decoded;
}

export function readPostedRecord(body: unknown, now: number): PostedRecord | Fault {
  if (!isObject(body)) return fault('record', `expected an object with "topic", received ${describe(body)}`);
  const { topic: given, ...record } = body;
  if (given === undefined) return fault('topic', 'missing; name the topic, such as "shop.checkout"');
  const topic = Topic.safeParse(given);
  if (!topic.success) return fault('topic', topic.error.issues[0]?.message ?? 'is no topic');
  const decoded = readRecord(record, { topic: topic.data, timestamp: now, arrival: now });
  return { topic: topic.data, value: Buffer.from(JSON.stringify(record)), decoded };
}
