// Where records come from. Two implementations with one shared test suite: Kafka (kafka-source.ts) and in-process
// (embedded-source.ts). A source replays its window first, hands every record on exactly once and in order within a
// partition, and says for each Kafka topic how well it is heard.
import type { Upstream } from '@tidewatch/schemas/upstream';

export interface SourceRecord {
  readonly kafkaTopic: string;
  readonly partition: number;
  /** As Kafka writes it: a 64-bit number in decimal. */
  readonly offset: string;
  /** The record's own timestamp, epoch ms; -1 where it has none. */
  readonly timestamp: number;
  /** When it reached the gateway, epoch ms; of a replayed or caught-up record, its timestamp. */
  readonly arrival: number;
  readonly key: Uint8Array | null;
  readonly headers: RecordHeaders | undefined;
  /** Valid only during onRecords: it may be a view of a buffer that is used again. */
  readonly value: Uint8Array | null;
}

export type RecordHeaders = Readonly<Record<string, Uint8Array | string | (Uint8Array | string)[] | undefined>>;

export interface SourceHandlers {
  onRecords(records: readonly SourceRecord[]): void;
  onStatus(kafkaTopic: string, upstream: Upstream): void;
  /** A Kafka topic that is no longer there. */
  onGone?(kafkaTopic: string): void;
}

export interface Source {
  /** Resolves when the window of every partition known at start has been handed on, or when stopped before that. */
  start(handlers: SourceHandlers): Promise<void>;
  /** Puts one record at the end of a Kafka topic. Throws SourceError where that cannot be done now. */
  produce(kafkaTopic: string, value: Uint8Array, timestamp?: number): Promise<void>;
  /** The source as a whole: what holds for a topic that no Kafka topic feeds yet. */
  upstream(): Upstream;
  /** Kafka topics that match the prefix and whose rest is no topic name: not read, but shown. */
  unroutable(): readonly string[];
  stats(): Readonly<Record<string, number>>;
  stop(): Promise<void>;
}

export class SourceError extends Error {
  override readonly name = 'SourceError';
  readonly code: 'unreachable' | 'refused' | 'stopped';

  constructor(code: 'unreachable' | 'refused' | 'stopped', message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
