// Turns change into numbered deltas, on a beat, for those who listen. A topic has one numbering; it goes on for a while
// after the last listener left, so that a client that drops for a moment can resume. No listeners, no work.
import type { SubprotocolName } from '@tidewatch/schemas/message-server';
import { type Rate, stepMsOfRate } from '@tidewatch/schemas/rate';
import { type Selection, selectionKey } from '@tidewatch/schemas/scope';
import type { Payload, StreamEncoder } from '@tidewatch/schemas/wire/codec';
import type { Metrics } from '../metrics/metrics.ts';
import type { TopicState } from '../metrics/topic-state.ts';
import { createSelectedSeries } from './selected-series.ts';
import { createStepLog, type StepLog } from './step-log.ts';
import { type Listener, type PayloadAt, Stream } from './stream.ts';
import { streamEpoch } from './stream-epoch.ts';

/** Between two beats, ms. */
export const BEAT_MS = 50;
/** How long a numbering goes on without a listener, ms. */
export const RESUME_MS = 60_000;

export interface JoinRequest {
  readonly topic: string;
  readonly rate: Rate;
  readonly selection: Selection;
  readonly subprotocol: SubprotocolName;
  readonly resume?: { readonly epoch: string; readonly seq: number };
  readonly listener: Listener;
}

export interface Membership {
  readonly topicId: number;
  readonly epoch: string;
  readonly stepMs: number;
  readonly how: 'snapshot' | 'resumed';
  readonly first: Payload;
  readonly seq: number;
  snapshot(): PayloadAt;
  leave(): void;
}

export interface PublisherOptions {
  readonly metrics: Metrics;
  readonly now: () => number;
  readonly encoderFor: (subprotocol: SubprotocolName) => StreamEncoder;
  readonly epochId: () => string;
}

export interface Publisher {
  join(request: JoinRequest): Membership;
  /** Call every BEAT_MS. */
  beat(): void;
  /** Samples of this topic were taken: what is due after quiet goes out at once. */
  touched(topic: string): void;
  topicId(topic: string): number;
  /** Epoch and newest number of a topic. Both are settled by a first join; a topic nobody listens to stands at 0. */
  numbering(topic: string): { readonly topicId: number; readonly epoch: string; readonly seq: number };
  stats(): Readonly<Record<string, number>>;
}

interface Numbering {
  readonly topic: TopicState;
  readonly topicId: number;
  readonly epoch: string;
  readonly log: StepLog;
  readonly streams: Map<string, Stream>;
  /** When the last listener left; null while there are some. */
  quietSince: number | null;
}

export function createPublisher({ metrics, now, encoderFor, epochId }: PublisherOptions): Publisher {
  const numberings = new Map<string, Numbering>();
  const topicIds = new Map<string, number>();
  const encoded = { delta: 0, merged: 0, snapshot: 0 };
  let ticks = 0;

  const topicId = (topic: string): number => {
    let id = topicIds.get(topic);
    if (id === undefined) {
      id = topicIds.size + 1;
      topicIds.set(topic, id);
    }
    return id;
  };
  const numberingOf = (name: string): Numbering => {
    let numbering = numberings.get(name);
    if (numbering === undefined) {
      const topic = metrics.open(name);
      topic.track();
      const quietSince = now();
      numbering = {
        topic,
        topicId: topicId(name),
        epoch: epochId(),
        log: createStepLog(),
        streams: new Map(),
        quietSince,
      };
      numberings.set(name, numbering);
    }
    return numbering;
  };
  const step = ({ topic, log }: Numbering): void => {
    const marks = topic.drain();
    if (marks !== null) log.add(marks);
  };
  const streamOf = (numbering: Numbering, request: JoinRequest): { key: string; stream: Stream } => {
    const { rate, selection, subprotocol } = request;
    const key = `${rate} ${subprotocol} ${selectionKey(selection)}`;
    let stream = numbering.streams.get(key);
    if (stream === undefined) {
      const { topic, log } = numbering;
      const epoch = streamEpoch(numbering.epoch, selection, stepMsOfRate(rate));
      const periodMs = 1_000 / rate;
      const selected = createSelectedSeries(topic, selection);
      const ageToldMs = periodMs + 2 * BEAT_MS;
      const view = { topic, topicId: numbering.topicId, selected, stepMs: stepMsOfRate(rate), ageToldMs };
      const onEncoded = (kind: keyof typeof encoded) => {
        encoded[kind] += 1;
      };
      stream = new Stream({ view, periodMs, encoderFor: () => encoderFor(subprotocol), epoch, log, onEncoded }, now());
      numbering.streams.set(key, stream);
    }
    return { key, stream };
  };

  return {
    join(request) {
      const numbering = numberingOf(request.topic);
      const { resume, listener } = request;
      step(numbering);
      const { key, stream } = streamOf(numbering, request);
      stream.listeners.add(listener);
      numbering.quietSince = null;
      const epoch = streamEpoch(numbering.epoch, request.selection, stepMsOfRate(request.rate));
      const resumed = resume?.epoch === epoch ? stream.resumed(resume.seq, now()) : null;
      const { payload, seq } = resumed ?? stream.snapshot(now());
      return {
        topicId: numbering.topicId,
        epoch,
        stepMs: stepMsOfRate(request.rate),
        how: resumed === null ? 'snapshot' : 'resumed',
        first: payload,
        seq,
        snapshot: () => stream.snapshot(now()),
        leave() {
          if (!stream.listeners.delete(listener) || stream.listeners.size > 0) return;
          if (numbering.streams.get(key) === stream) numbering.streams.delete(key);
          if (numbering.streams.size === 0) numbering.quietSince = now();
        },
      };
    },
    beat() {
      const at = now();
      for (const [name, numbering] of numberings) {
        if (numbering.quietSince !== null && at - numbering.quietSince > RESUME_MS) {
          numbering.topic.untrack();
          numberings.delete(name);
          continue;
        }
        step(numbering);
        for (const stream of numbering.streams.values()) {
          if (stream.isDue(at, true) && stream.tick(at, false)) ticks += 1;
        }
      }
    },
    touched(name) {
      const numbering = numberings.get(name);
      if (numbering === undefined || numbering.streams.size === 0) return;
      const at = now();
      for (const stream of numbering.streams.values()) {
        if (!stream.isDue(at, false)) continue;
        step(numbering);
        if (stream.tick(at, true)) ticks += 1;
      }
    },
    topicId,
    numbering(name) {
      const numbering = numberings.get(name);
      return { topicId: topicId(name), epoch: numbering?.epoch ?? '', seq: numbering?.log.head ?? 0 };
    },
    stats: () => ({
      tracked_topics: numberings.size,
      streams: [...numberings.values()].reduce((sum, { streams }) => sum + streams.size, 0),
      ticks_total: ticks,
      encoded_deltas_total: encoded.delta,
      encoded_merged_total: encoded.merged,
      encoded_snapshots_total: encoded.snapshot,
    }),
  };
}
