// All sessions of this gateway: opened here, told of changes here, ended here. One timer looks after all of them.
// Policy changes are acted on in the same turn in which they are learned.
import { randomUUID } from 'node:crypto';
import type { CloseReason } from '@tidewatch/schemas/close-code';
import type { Upstream } from '@tidewatch/schemas/upstream';
import type { PolicyChange } from '../access/gatekeeper.ts';
import { answer } from './answer.ts';
import { createFlushWheel } from './flush-wheel.ts';
import { CHECK_EVERY_MS } from './heartbeat.ts';
import { recheckPolicy } from './policy-recheck.ts';
import { createSession, type Session } from './session.ts';
import type { SessionContext, Visitor } from './session-context.ts';
import { createSessionRow, type SessionRow } from './session-row.ts';
import { createTopicBoard, type TopicFacts } from './topic-board.ts';
import type { Transport } from './transport.ts';

/** Sessions are checked in this many turns, so that none holds up the beat. */
const CHECK_TURNS = 10;
const TOPICS_EVERY_MS = 1_000;

export interface RegistryOptions extends Omit<SessionContext, 'wheel' | 'board'> {
  /** All topics as they are now; read once a second while somebody watches the list. */
  readonly readTopics: () => Iterable<TopicFacts>;
  readonly connectionsMax: number;
  readonly connectionsPerPrincipalMax: number;
}

export interface Registry {
  /** Whether one more may come; `later` closes it with 1013. */
  admits(principalId: string): boolean;
  /** Hands over a connection. The session says hello at once. */
  open(visitor: Visitor, transport: Transport): Session;
  /** Somebody's access changed: asks again for what is open, and ends what is refused. */
  policyChanged(change: PolicyChange): void;
  upstreamChanged(topic: string, upstream: Upstream): void;
  /** Ends the session with this id, or all sessions of this principal. Says how many. */
  kick(id: string): number;
  rows(): SessionRow[];
  stats(): RegistryStats;
  /** Closes every session with 1012. */
  stop(): void;
}

export interface RegistryStats {
  readonly sessions: number;
  readonly subscriptions: number;
  readonly opened: number;
  readonly closed: number;
  readonly revoked: number;
  readonly kicked: number;
  readonly mergedTicks: number;
  readonly inFlightBytes: number;
  readonly flushes: number;
  readonly flushLatenessMaxMs: number;
}

export function createRegistry(options: RegistryOptions): Registry {
  const { clock, connectionsMax, connectionsPerPrincipalMax } = options;
  const wheel = createFlushWheel(clock);
  const board = createTopicBoard(options.readTopics);
  const context: SessionContext = { ...options, wheel, board: onDemand() };
  const sessions = new Map<string, Session>();
  const byPrincipal = new Map<string, Set<Session>>();
  const counts = { opened: 0, closed: 0, revoked: 0, kicked: 0, mergedTicks: 0 };
  let order: Session[] = [];
  let turn = 0;
  let boardReadAt = Number.NEGATIVE_INFINITY;

  /** The list is read when somebody asks, and no more than once a second. */
  function onDemand() {
    const fresh = () => {
      const now = clock.monotonic();
      if (now - boardReadAt < TOPICS_EVERY_MS / 2) return;
      boardReadAt = now;
      board.refresh();
    };
    return {
      ...board,
      names: () => {
        fresh();
        return board.names();
      },
    };
  }

  function onClosed(session: Session): void {
    sessions.delete(session.id);
    const own = byPrincipal.get(session.visitor.principal.id);
    own?.delete(session);
    if (own?.size === 0) byPrincipal.delete(session.visitor.principal.id);
    counts.closed += 1;
    counts.mergedTicks += session.mergedTicks;
  }

  function closeAll(some: Iterable<Session>, reason: CloseReason): number {
    const all = [...some];
    for (const session of all) session.close(reason);
    return all.length;
  }

  const checks = clock.every(CHECK_EVERY_MS / CHECK_TURNS, () => {
    if (turn === 0) order = [...sessions.values()];
    const now = Math.floor(clock.monotonic());
    for (let at = turn; at < order.length; at += CHECK_TURNS) if (order[at]?.isOpen) order[at]?.check(now);
    turn = (turn + 1) % CHECK_TURNS;
  });
  const topics = clock.every(TOPICS_EVERY_MS, () => {
    for (const session of sessions.values()) session.topicsRefreshed();
  });

  return {
    admits: (principalId) =>
      sessions.size < connectionsMax && (byPrincipal.get(principalId)?.size ?? 0) < connectionsPerPrincipalMax,
    open(visitor, transport) {
      counts.opened += 1;
      const session = createSession({ id: randomUUID(), context, visitor, transport, onMessage: answer, onClosed });
      if (!session.isOpen) return session;
      sessions.set(session.id, session);
      const own = byPrincipal.get(visitor.principal.id) ?? new Set();
      byPrincipal.set(visitor.principal.id, own.add(session));
      return session;
    },
    policyChanged({ version, principalIds, areOwnersChanged }) {
      const touched =
        principalIds === 'all'
          ? [...sessions.values()]
          : [...principalIds].flatMap((id) => [...(byPrincipal.get(id) ?? [])]);
      for (const session of touched) if (session.isOpen) counts.revoked += recheckPolicy(session, version);
      if (areOwnersChanged) for (const session of sessions.values()) session.topicWatch?.forget();
    },
    upstreamChanged(topic, upstream) {
      for (const session of sessions.values()) session.upstreamChanged(topic, upstream);
    },
    kick(id) {
      const one = sessions.get(id);
      const kicked = closeAll(one === undefined ? (byPrincipal.get(id) ?? []) : [one], 'kicked');
      counts.kicked += kicked;
      return kicked;
    },
    rows: () => [...sessions.values()].map((session) => createSessionRow(session)),
    stats() {
      let subscriptions = 0;
      let inFlightBytes = 0;
      let mergedTicks = counts.mergedTicks;
      for (const session of sessions.values()) {
        subscriptions += session.subscriptions.size;
        inFlightBytes += session.outbox.inFlightBytes;
        mergedTicks += session.mergedTicks;
      }
      const { flushes, latenessMaxMs: flushLatenessMaxMs } = wheel.stats();
      return {
        ...counts,
        sessions: sessions.size,
        subscriptions,
        inFlightBytes,
        mergedTicks,
        flushes,
        flushLatenessMaxMs,
      };
    },
    stop() {
      checks.stop();
      topics.stop();
      closeAll(sessions.values(), 'restart');
      wheel.stop();
    },
  };
}
