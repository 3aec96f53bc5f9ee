// Streams whose ticks a test sends by hand. A payload says in its first bytes what it is: topic number, from, to.
import type { Membership } from '../../src/publish/publisher.ts';
import type { Listener } from '../../src/publish/stream.ts';
import type { StreamSource } from '../../src/session/subscription.ts';

export interface StubStreams extends StreamSource {
  /** One tick of a topic to all who listen; `bytes` is the size of its payload. */
  tick(topic: string, options?: { bytes?: number; isLeading?: boolean }): void;
  listeners(topic: string): number;
}

export interface StubFrame {
  readonly kind: 'snapshot' | 'delta' | 'merged';
  readonly topicId: number;
  readonly from: number;
  readonly to: number;
}

const KINDS = ['snapshot', 'delta', 'merged'] as const;

function payloadOf(frame: StubFrame, bytes: number): Uint8Array {
  const payload = new Uint8Array(Math.max(13, bytes));
  const view = new DataView(payload.buffer);
  payload[0] = KINDS.indexOf(frame.kind);
  view.setUint32(1, frame.topicId);
  view.setUint32(5, frame.from);
  view.setUint32(9, frame.to);
  return payload;
}

export function readStubFrame(payload: unknown): StubFrame {
  const bytes = payload as Uint8Array;
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  return {
    kind: KINDS[bytes[0] ?? 0] ?? 'snapshot',
    topicId: view.getUint32(1),
    from: view.getUint32(5),
    to: view.getUint32(9),
  };
}

export function createStubStreams(snapshotBytes = 200): StubStreams {
  const topics = new Map<string, { id: number; seq: number; listeners: Set<Listener> }>();
  const of = (name: string) => {
    let topic = topics.get(name);
    if (topic === undefined) {
      topic = { id: topics.size + 1, seq: 0, listeners: new Set() };
      topics.set(name, topic);
    }
    return topic;
  };
  return {
    join({ topic: name, listener, resume }): Membership {
      const topic = of(name);
      topic.listeners.add(listener);
      const isResumed = resume?.epoch === 'epoch';
      const snapshot = () => ({
        payload: payloadOf({ kind: 'snapshot', topicId: topic.id, from: topic.seq, to: topic.seq }, snapshotBytes),
        seq: topic.seq,
      });
      return {
        topicId: topic.id,
        epoch: 'epoch',
        stepMs: 1_000,
        how: isResumed ? 'resumed' : 'snapshot',
        first: isResumed
          ? payloadOf({ kind: 'merged', topicId: topic.id, from: resume.seq, to: topic.seq }, 20)
          : snapshot().payload,
        seq: topic.seq,
        snapshot,
        leave: () => topic.listeners.delete(listener),
      };
    },
    tick(name, { bytes = 100, isLeading = false } = {}) {
      const topic = of(name);
      const from = topic.seq++;
      const to = topic.seq;
      const merged = (seq: number) => payloadOf({ kind: 'merged', topicId: topic.id, from: seq, to }, bytes);
      const payload = payloadOf({ kind: 'delta', topicId: topic.id, from, to }, bytes);
      const tick = { from, to, payload, isLeading, since: (seq: number) => ({ payload: merged(seq), seq: to }) };
      for (const listener of topic.listeners) listener.onTick(tick);
    },
    listeners: (name) => of(name).listeners.size,
  };
}
