// Where reading begins in every partition: a known one goes on where it stood, a new one begins at the replay window.
// A Kafka topic that was deleted and made again is new, although its name is known.
import type { Admin } from 'kafkajs';
import type { KafkaPositions, Position } from './kafka-positions.ts';

export interface KafkaStart {
  readonly kafkaTopic: string;
  readonly partition: number;
  readonly offset: number;
}

export interface StartsOptions {
  readonly admin: Admin;
  readonly kafkaTopics: readonly string[];
  readonly positions: KafkaPositions;
  /** Epoch ms at which the replay window begins. */
  readonly windowBegin: number;
  readonly now: number;
  /** Kafka was away or is new: what lies before the end is history to catch up with, not what comes live. */
  readonly isCatchingUp: boolean;
}

/** Kafka topics asked about at a time. */
const AT_A_TIME = 16;

/** Sets the positions and says where each partition begins. */
export async function findStarts(options: StartsOptions): Promise<KafkaStart[]> {
  const starts: KafkaStart[] = [];
  for (let at = 0; at < options.kafkaTopics.length; at += AT_A_TIME) {
    const some = options.kafkaTopics.slice(at, at + AT_A_TIME);
    starts.push(...(await Promise.all(some.map((kafkaTopic) => startsOf(kafkaTopic, options)))).flat());
  }
  return starts;
}

async function startsOf(kafkaTopic: string, options: StartsOptions): Promise<KafkaStart[]> {
  const { admin, positions, windowBegin, now, isCatchingUp } = options;
  const [ends, begins] = await Promise.all([
    admin.fetchTopicOffsets(kafkaTopic),
    admin.fetchTopicOffsetsByTimestamp(kafkaTopic, windowBegin),
  ]);
  return ends.map(({ partition, high, low }) => {
    const end = Number(high);
    const begin = Number(begins.find((one) => one.partition === partition)?.offset ?? high);
    const known = positions.of(kafkaTopic, partition);
    const before = known !== undefined && known.next <= end ? known : undefined;
    // What Kafka has deleted meanwhile cannot be read; what was handled is not read again.
    const offset = Math.max(before?.next ?? begin, Number(low));
    const target = before !== undefined && !isCatchingUp ? before.target : end;
    const position: Position = {
      ...{ next: offset, target, high: end, newestTime: before?.newestTime ?? now },
      laggingSince: null,
    };
    positions.set(kafkaTopic, partition, position);
    return { kafkaTopic, partition, offset };
  });
}
