// The rejects of one Kafka topic, newest kept: bounded in number and in bytes, all of them counted.
import type { QuarantinedReject } from './reject.ts';

/** Rejects kept of one Kafka topic. */
export const REJECTS_PER_TOPIC_MAX = 200;
/** Bytes kept of one Kafka topic. */
export const REJECT_BYTES_PER_TOPIC_MAX = 256 * 1024;
/** What a reject costs beside its bytes: its texts and its object, roughly. */
const REJECT_OVERHEAD_BYTES = 512;

export interface RejectQueue {
  readonly topic: string;
  push(reject: QuarantinedReject): void;
  note(count: number, arrival: number): void;
  newestFirst(): QuarantinedReject[];
  count(): { readonly total: number; readonly kept: number; readonly newest: number };
  bytes(): number;
}

export function createRejectQueue(topic: string): RejectQueue {
  const kept: QuarantinedReject[] = [];
  let bytes = 0;
  let total = 0;
  let newest = 0;
  const sizeOf = (reject: QuarantinedReject) => reject.bytes.byteLength + REJECT_OVERHEAD_BYTES;

  return {
    topic,
    push(reject) {
      kept.push(reject);
      bytes += sizeOf(reject);
      while (kept.length > 1 && (kept.length > REJECTS_PER_TOPIC_MAX || bytes > REJECT_BYTES_PER_TOPIC_MAX)) {
        const oldest = kept.shift();
        if (oldest !== undefined) bytes -= sizeOf(oldest);
      }
    },
    note(count, arrival) {
      total += count;
      newest = Math.max(newest, arrival);
    },
    newestFirst: () => kept.toReversed(),
    count: () => ({ total, kept: kept.length, newest }),
    bytes: () => bytes,
  };
}
