// What a live client gives for one topic: its replica, where the subscription stands, and what happens to it.

import type { Delta } from './delta.ts';
import type { History, StepMs } from './history.ts';
import type { ServerMessage } from './message-server.ts';
import type { Rate } from './rate.ts';
import type { Replica } from './replica.ts';
import type { GapReason } from './replica-state.ts';
import type { Snapshot } from './snapshot.ts';
import type { Upstream } from './upstream.ts';

export type MessageOf<Type extends ServerMessage['type']> = Extract<ServerMessage, { type: Type }>;

/** `metrics` narrows a very wide topic to these names; left out: all of them. */
export interface Wanted {
  readonly rate?: Rate;
  readonly metrics?: readonly string[];
}

/** `requested` also while the line is down: it is asked again by itself. */
export type SubscriptionState =
  | { readonly kind: 'requested' }
  | { readonly kind: 'open'; readonly subscribed: MessageOf<'subscribed'>; readonly upstream: Upstream }
  | { readonly kind: 'forbidden'; readonly message: string; readonly owner: string | undefined }
  | { readonly kind: 'revoked'; readonly reason: MessageOf<'revoked'>['reason']; readonly owner: string }
  /** Refused for another reason: no such topic, too many. Asked again after a reconnect or by `retry`. */
  | { readonly kind: 'failed'; readonly code: MessageOf<'error'>['code']; readonly message: string }
  | { readonly kind: 'closed' };

export type SubscriptionEvent =
  | { readonly type: 'state'; readonly state: SubscriptionState }
  | { readonly type: 'snapshot'; readonly snapshot: Snapshot }
  /** A delta was taken: buckets, states, definitions, in one. `receivedAt` is the local clock, epoch ms. */
  | { readonly type: 'delta'; readonly delta: Delta; readonly receivedAt: number }
  | { readonly type: 'upstream'; readonly upstream: Upstream }
  /** The replica asked for a snapshot: a gap, a checksum that differs, a frame that does not decode. */
  | { readonly type: 'resync'; readonly why: GapReason; readonly message: string };

export interface HistoryRange {
  /** Epoch ms, [from, to). */
  readonly from: number;
  readonly to: number;
  readonly stepMs: StepMs;
  /** Ids; left out: every series that may be read. */
  readonly series?: readonly number[];
}

/** Why a request got no answer. `lost`: the line broke; ask again when it is back. */
export class RequestError extends Error {
  override readonly name = 'RequestError';
  readonly code: MessageOf<'error'>['code'] | 'lost' | 'closed';
  constructor(code: RequestError['code'], message: string) {
    super(message);
    this.code = code;
  }
}

export interface ClientSubscription {
  readonly topic: string;
  readonly replica: Replica;
  readonly state: SubscriptionState;
  /** Returns how to stop listening. Called synchronously, in order. */
  on(listener: (event: SubscriptionEvent) => void): () => void;
  /** Changes rate or metrics of the open subscription; what is shown stays. */
  want(wanted: Wanted): void;
  setRate(rate: Rate): void;
  /** Rejects with RequestError. */
  history(range: HistoryRange): Promise<History>;
  /** Asks again where it was refused. */
  retry(): void;
  close(): void;
}
