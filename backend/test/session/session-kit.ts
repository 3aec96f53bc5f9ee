// A registry on stub streams, a stub policy and a hand-driven clock, and clients that connect to it over memory.
import type { SubprotocolName } from '@tidewatch/schemas/message-server';
import { createRegistry, type Registry, type RegistryOptions } from '../../src/session/registry.ts';
import type { Session } from '../../src/session/session.ts';
import type { TopicFacts } from '../../src/session/topic-board.ts';
import { createHandClock, type HandClock } from './hand-clock.ts';
import { createMemoryTransport, type MemoryTransport } from './memory-transport.ts';
import { createStubGatekeeper, type StubGatekeeper } from './stub-gatekeeper.ts';
import { createStubStreams, type StubStreams } from './stub-streams.ts';

export interface SessionKit {
  readonly clock: HandClock;
  readonly streams: StubStreams;
  readonly policy: StubGatekeeper;
  readonly registry: Registry;
  readonly topics: Map<string, TopicFacts>;
  connect(
    principalId?: string,
    subprotocol?: SubprotocolName,
    isReading?: boolean,
  ): { session: Session; client: MemoryTransport };
  policyChanged(...principalIds: string[]): void;
}

export function createSessionKit(changes: Partial<RegistryOptions> & { snapshotBytes?: number } = {}): SessionKit {
  const clock = createHandClock();
  const streams = createStubStreams(changes.snapshotBytes);
  const policy = createStubGatekeeper(() => clock.now());
  const topics = new Map<string, TopicFacts>();
  const registry = createRegistry({
    clock,
    gatekeeper: policy,
    streams,
    upstreamOf: () => ({ state: 'live', since: 0 }),
    history: () => 'no_such_topic',
    build: 'test',
    inFlightMaxBytes: 65_536,
    areTopicNamesHidden: false,
    readTopics: () => topics.values(),
    connectionsMax: 1_000,
    connectionsPerPrincipalMax: 100,
    ...changes,
  });
  let version = 0;
  return {
    clock,
    streams,
    policy,
    registry,
    topics,
    connect(principalId = 'eve', subprotocol = 'binary', isReading = true) {
      const client = createMemoryTransport();
      client.isReading = isReading;
      const principal = { kind: 'person' as const, id: principalId, name: principalId };
      const visitor = { principal, lease: null, subprotocol, address: '127.0.0.1', userAgent: 'test' };
      return { session: registry.open(visitor, client), client };
    },
    policyChanged(...principalIds) {
      version += 1;
      registry.policyChanged({ version, why: 'policy', principalIds: new Set(principalIds), areOwnersChanged: false });
    },
  };
}
