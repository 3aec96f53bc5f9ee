// What every session of a gateway is given, and what each one is told of its connection.
import type { SubprotocolName } from '@tidewatch/schemas/message-server';
import type { Upstream } from '@tidewatch/schemas/upstream';
import type { Gatekeeper } from '../access/gatekeeper.ts';
import type { Lease } from '../access/leases.ts';
import type { Principal } from '../access/principal.ts';
import type { Clock } from '../clock.ts';
import type { FlushWheel } from './flush-wheel.ts';
import type { HistorySource } from './history-source.ts';
import type { StreamSource } from './subscription.ts';
import type { TopicBoard } from './topic-board.ts';

/** Open subscriptions of one session. */
export const SUBSCRIPTIONS_MAX = 200;

export interface SessionContext {
  readonly clock: Clock;
  readonly wheel: FlushWheel;
  readonly gatekeeper: Pick<Gatekeeper, 'decide' | 'owner'>;
  readonly streams: StreamSource;
  readonly upstreamOf: (topic: string) => Upstream;
  readonly history: HistorySource;
  readonly board: TopicBoard;
  readonly build: string;
  readonly inFlightMaxBytes: number;
  readonly areTopicNamesHidden: boolean;
}

/** One connection, as the socket room found it. */
export interface Visitor {
  readonly principal: Pick<Principal, 'kind' | 'id' | 'name'>;
  /** null: proven for good, as in tests. */
  readonly lease: Lease | null;
  readonly subprotocol: SubprotocolName;
  readonly address: string;
  readonly userAgent: string;
}
