// What a session needs of the publisher: to join a stream of a topic, be told of its ticks, and start over. The
// publisher is one; tests have others.
import type { SubprotocolName } from '@tidewatch/schemas/message-server';
import type { Rate } from '@tidewatch/schemas/rate';
import type { Selection } from '@tidewatch/schemas/scope';
import type { Payload } from '@tidewatch/schemas/wire/codec';

export interface Resume {
  readonly epoch: string;
  readonly seq: number;
}

/** A payload that leaves its receiver at `seq`. */
export interface PayloadAt {
  readonly payload: Payload;
  readonly seq: number;
}

export interface Tick {
  readonly from: number;
  readonly to: number;
  /** For those who have everything up to `from`. */
  readonly payload: Payload;
  /** The first change after quiet: it goes at once. */
  readonly isLeading?: boolean;
  /** For those who have only up to `seq`: merged, or a snapshot where the log no longer reaches. */
  since(seq: number): PayloadAt;
}

export interface Listener {
  onTick(tick: Tick): void;
}

export interface Membership {
  readonly topicId: number;
  readonly epoch: string;
  readonly stepMs: number;
  readonly how: 'snapshot' | 'resumed';
  readonly first: Payload;
  readonly seq: number;
  /** Everything anew, at the newest number. */
  snapshot(): PayloadAt;
  leave(): void;
}

export interface JoinRequest {
  readonly topic: string;
  readonly rate: Rate;
  readonly selection: Selection;
  readonly subprotocol: SubprotocolName;
  readonly resume?: Resume;
  readonly listener: Listener;
}

export interface StreamSource {
  join(request: JoinRequest): Membership;
}
