// How far every partition was handled, and how far it has to go before its topic has been replayed. Records below the
// position are dropped: whoever delivers again delivers nothing twice.
import type { Upstream } from '@tidewatch/schemas/upstream';

/** A record older than this with offsets left means that the gateway is behind, ms. */
export const BEHIND_MS = 3_000;
/** Offsets that are left for less than this are on their way: records of a busy topic may be old when they are sent. */
const LAGGING_MIN_MS = 1_000;

export interface Position {
  /** Next offset to handle. */
  next: number;
  /** Offset to reach before the replay of this partition is over. */
  target: number;
  /** End of the partition, as last heard. */
  high: number;
  /** Timestamp of the newest handled record, epoch ms. */
  newestTime: number;
  /** Since when looks have found offsets left, epoch ms; null: none were left in between. */
  laggingSince: number | null;
}

export interface KafkaPositions {
  of(kafkaTopic: string, partition: number): Position | undefined;
  set(kafkaTopic: string, partition: number, position: Position): void;
  forget(kafkaTopic: string): void;
  topics(): Iterable<string>;
  partitions(kafkaTopic: string): ReadonlyMap<number, Position>;
  isReplayed(kafkaTopic: string): boolean;
  /** Nothing comes although the broker answers: the ends that were waited for hold no records (transaction marks). */
  settle(): void;
  /** What holds for the topic while the broker is heard; `since` is the caller's to fill in. */
  standing(kafkaTopic: string, now: number): Standing;
}

export type Standing =
  | { readonly state: 'replaying' }
  | { readonly state: 'live' }
  | { readonly state: 'behind'; readonly lagOffsets: number; readonly lagMs: number };

export function createKafkaPositions(): KafkaPositions {
  const topics = new Map<string, Map<number, Position>>();
  const partitions = (kafkaTopic: string) => topics.get(kafkaTopic) ?? new Map<number, Position>();
  const isReplayed = (kafkaTopic: string) =>
    [...partitions(kafkaTopic).values()].every(({ next, target }) => next >= target);
  return {
    of: (kafkaTopic, partition) => topics.get(kafkaTopic)?.get(partition),
    set(kafkaTopic, partition, position) {
      const own = topics.get(kafkaTopic) ?? new Map<number, Position>();
      topics.set(kafkaTopic, own.set(partition, position));
    },
    forget: (kafkaTopic) => void topics.delete(kafkaTopic),
    topics: () => topics.keys(),
    partitions,
    isReplayed,
    settle() {
      for (const own of topics.values()) {
        for (const position of own.values()) {
          position.target = Math.min(position.target, position.next);
          position.high = position.next;
          position.laggingSince = null;
        }
      }
    },
    standing(kafkaTopic, now) {
      if (!isReplayed(kafkaTopic)) return { state: 'replaying' };
      let lagOffsets = 0;
      let lagMs = 0;
      for (const position of partitions(kafkaTopic).values()) {
        if (position.next >= position.high) continue;
        position.laggingSince ??= now;
        if (now - position.laggingSince < LAGGING_MIN_MS) continue;
        lagOffsets += position.high - position.next;
        lagMs = Math.max(lagMs, now - position.newestTime);
      }
      return lagOffsets > 0 && lagMs > BEHIND_MS ? { state: 'behind', lagOffsets, lagMs } : { state: 'live' };
    },
  };
}

/** Equal but for what moves all the time: the same state goes on. */
export function isSameState(a: Upstream, b: Upstream): boolean {
  if (a.state !== 'behind' || b.state !== 'behind') return a.state === b.state;
  return a.lagOffsets === b.lagOffsets && Math.floor(a.lagMs / 1_000) === Math.floor(b.lagMs / 1_000);
}
