// Which Kafka topics are read, and which topic each feeds: a Kafka topic that begins with the prefix feeds the topic
// named by the rest. Where the rest is no topic name the Kafka topic is not read; it is remembered, so it can be shown.
import { isTopic } from '@tidewatch/schemas/topic';

/** Unroutable names that are remembered; beyond it they are only counted. */
const UNROUTABLE_MAX = 1_000;
/** Names whose route is remembered. Kafka itself grows slow long before. */
const ROUTES_MAX = 100_000;

export interface Route {
  /** The topic that a Kafka topic feeds, or null where it feeds none. */
  topicOf(kafkaTopic: string): string | null;
  kafkaTopicOf(topic: string): string;
  /** Kafka topics seen that match the prefix and name no topic, oldest first. */
  unroutable(): readonly string[];
}

export function createRoute({ prefix }: { readonly prefix: string }): Route {
  const topics = new Map<string, string | null>();
  const unroutable = new Set<string>();

  const find = (kafkaTopic: string): string | null => {
    if (!kafkaTopic.startsWith(prefix)) return null;
    const rest = kafkaTopic.slice(prefix.length);
    if (isTopic(rest)) return rest;
    if (unroutable.size < UNROUTABLE_MAX) unroutable.add(kafkaTopic);
    return null;
  };

  return {
    topicOf(kafkaTopic) {
      const known = topics.get(kafkaTopic);
      if (known !== undefined) return known;
      if (topics.size >= ROUTES_MAX) topics.clear();
      const topic = find(kafkaTopic);
      topics.set(kafkaTopic, topic);
      return topic;
    },
    kafkaTopicOf: (topic) => prefix + topic,
    unroutable: () => [...unroutable],
  };
}
