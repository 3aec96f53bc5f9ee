// One client of the load: takes every frame into a replica and holds what came against the rules: numbers in order, no
// gap, nothing of a topic after its revoke. Notes faults; never throws.
import { ServerMessage } from '@tidewatch/schemas/message-server';
import type { Rate } from '@tidewatch/schemas/rate';
import { createReplica, type Replica } from '@tidewatch/schemas/replica';
import { replicaChecksum } from '@tidewatch/schemas/replica-checksum';
import { peekTopicId } from '@tidewatch/schemas/wire/encoder';
import { socketOpener } from './open-socket.ts';

export interface LoadTally {
  frames: number;
  bytes: number;
  revoked: number;
  closed: number;
  /** Server time of a delta to here, ms; one of many. */
  readonly delays: number[];
  /** ms after `revokeAskedAt` at which each revoke was heard. */
  readonly revokes: number[];
  revokeAskedAt: number;
  readonly faults: string[];
}

export interface LoadClient {
  /** Resolves when every topic has its snapshot; rejects where one is refused. */
  readonly ready: Promise<void>;
  /** Topics still open: where each replica stands, as text that equals for equal replicas. */
  standing(): { readonly key: string; readonly sum: number }[];
  readonly proven: number;
  stop(): void;
}

export interface LoadClientOptions {
  readonly name: string;
  readonly url: string;
  readonly token: string;
  readonly topics: readonly string[];
  readonly rate: Rate;
  readonly tally: LoadTally;
}

const DELAYS_MAX = 1_000_000;
const FAULTS_MAX = 20;

interface Held {
  readonly topic: string;
  readonly replica: Replica;
  seq: number;
  isRevoked: boolean;
}

export function createLoadClient({ name, url, token, topics, rate, tally }: LoadClientOptions): LoadClient {
  const byId = new Map<number, Held>();
  const waiting = new Set(topics);
  let isStopping = false;
  let done: () => void = () => {};
  let fail: (error: Error) => void = () => {};
  const ready = new Promise<void>((resolve, reject) => {
    done = resolve;
    fail = reject;
  });

  const fault = (text: string) => {
    if (tally.faults.length < FAULTS_MAX) tally.faults.push(`${name}: ${text}`);
  };

  const socket = socketOpener({ url, token })('tidewatch.v1.binary', {
    onMessage(payload) {
      tally.bytes += payload.length;
      if (typeof payload === 'string') hear(ServerMessage.parse(JSON.parse(payload)));
      else take(payload);
    },
    onClosed(code) {
      if (isStopping) return;
      tally.closed += 1;
      fault(`closed with ${code}`);
      fail(new Error(`closed with ${code}`));
    },
  });

  function hear(message: ServerMessage): void {
    switch (message.type) {
      case 'hello':
        for (const [at, topic] of topics.entries())
          socket.send(JSON.stringify({ type: 'subscribe', id: at + 1, topic, rate }));
        break;
      case 'subscribed': {
        const { topic, topicId } = message;
        const held = byId.get(topicId) ?? {
          topic,
          replica: createReplica({ subprotocol: 'binary' }),
          seq: -1,
          isRevoked: false,
        };
        held.replica.begin(message);
        byId.set(topicId, held);
        break;
      }
      case 'revoked':
        tally.revoked += 1;
        if (tally.revokes.length < DELAYS_MAX) tally.revokes.push(performance.now() - tally.revokeAskedAt);
        for (const held of byId.values()) if (held.topic === message.topic) held.isRevoked = true;
        break;
      case 'error':
        fault(`${message.code}: ${message.message}`);
        fail(new Error(message.message));
    }
  }

  function take(payload: Uint8Array): void {
    tally.frames += 1;
    const held = byId.get(peekTopicId(payload) ?? -1);
    if (held === undefined) {
      fault('a frame of a topic that was never opened');
      return;
    }
    if (held.isRevoked) fault(`a frame of ${held.topic} after its revoke`);
    const applied = held.replica.apply(payload);
    if (applied.kind === 'resync') fault(`${held.topic}: ${applied.message}`);
    if (applied.kind === 'snapshot') {
      held.seq = applied.snapshot.seq;
      if (waiting.delete(held.topic) && waiting.size === 0) done();
    }
    if (applied.kind !== 'delta') return;
    if (applied.delta.from > held.seq) fault(`${held.topic}: from ${applied.delta.from} after ${held.seq}`);
    held.seq = applied.delta.to;
    if (tally.delays.length < DELAYS_MAX) tally.delays.push(Date.now() - applied.delta.at);
  }

  const open = () => [...byId.values()].filter(({ isRevoked }) => !isRevoked);
  return {
    ready,
    standing: () =>
      open().map(({ topic, replica, seq }) => ({
        key: `${topic} at ${seq}`,
        sum: replicaChecksum(replica.seriesById.values()),
      })),
    get proven() {
      return open().reduce((sum, { replica }) => sum + replica.counts.proven, 0);
    },
    stop() {
      isStopping = true;
      socket.close();
    },
  };
}
