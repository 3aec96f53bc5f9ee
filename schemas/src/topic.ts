// The name of a topic: what a person subscribes to and is granted. Dot-separated segments of
// [A-Za-z0-9_-]; nothing else is a topic, so a name is safe in a path, a pattern and a log line.
import { z } from 'zod';

/** Longest topic name, in characters. Kafka allows 249 for a Kafka topic, and a route may add a prefix. */
export const TOPIC_MAX_CHARS = 200;

const TOPIC = /^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*$/;

export const Topic = z
  .string()
  .min(1, 'a topic has at least one segment, such as shop.checkout')
  .max(TOPIC_MAX_CHARS, `a topic has at most ${TOPIC_MAX_CHARS} characters`)
  .regex(TOPIC, 'a topic is dot-separated segments of letters, digits, _ and -, such as shop.checkout');
export type Topic = z.infer<typeof Topic>;

export function isTopic(text: string): boolean {
  return text.length <= TOPIC_MAX_CHARS && TOPIC.test(text);
}
