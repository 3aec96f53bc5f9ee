// Streams that hand everybody the payload they are given: what fan-out costs, apart from encoding.
import type { Payload } from '@tidewatch/schemas/wire/codec';
import type { Listener } from '../src/publish/stream.ts';
import type { StreamSource } from '../src/session/subscription.ts';

export interface ShoutStreams extends StreamSource {
  shout(topic: string, payload: Payload): void;
}

export function createShoutStreams(firstBytes: number): ShoutStreams {
  const topics = new Map<string, { id: number; seq: number; listeners: Set<Listener> }>();
  const first = new Uint8Array(firstBytes);
  const of = (name: string) => {
    let topic = topics.get(name);
    if (topic === undefined) {
      topic = { id: topics.size, seq: 0, listeners: new Set() };
      topics.set(name, topic);
    }
    return topic;
  };
  return {
    join({ topic: name, listener }) {
      const topic = of(name);
      topic.listeners.add(listener);
      return {
        topicId: topic.id,
        epoch: 'bench',
        stepMs: 1_000,
        how: 'snapshot',
        first,
        seq: topic.seq,
        snapshot: () => ({ payload: first, seq: topic.seq }),
        leave: () => topic.listeners.delete(listener),
      };
    },
    shout(name, payload) {
      const topic = of(name);
      const from = topic.seq++;
      const to = topic.seq;
      const tick = { from, to, payload, isLeading: false, since: () => ({ payload, seq: to }) };
      for (const listener of topic.listeners) listener.onTick(tick);
    },
  };
}
