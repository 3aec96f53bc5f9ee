// Counts what a connection carries: bytes by kind of message, by topic, and by series, each beside what the same would
// take as JSON. Decodes like a client does; what it cannot decode is counted as such.
import type { SeriesDef } from '@tidewatch/schemas/series';
import { BitWriter } from '@tidewatch/schemas/wire/bit-writer';
import { type Frame, FrameError, type Payload, type StreamDecoder } from '@tidewatch/schemas/wire/codec';
import { createStreamDecoder, createStreamEncoder, encodeHistory, peekTopicId } from '@tidewatch/schemas/wire/encoder';
import { NumberFit } from '@tidewatch/schemas/wire/number-fit';
import type { NumberParam } from '@tidewatch/schemas/wire/number-param';
import { putNumber } from '@tidewatch/schemas/wire/number-writer';

export interface Carried {
  messages: number;
  bytes: number;
  /** What the same takes in the JSON subprotocol. */
  jsonBytes: number;
  points: number;
}

/** Bits that the newest values of a series take by the codec, and how many there were. */
export interface SeriesCost {
  readonly topic: string;
  name: string;
  points: number;
  bits: number;
}

export interface WireTally {
  readonly byKind: ReadonlyMap<string, Carried>;
  readonly byTopic: ReadonlyMap<string, Carried>;
  readonly series: readonly SeriesCost[];
  take(payload: Payload): void;
}

interface Stream {
  readonly topic: string;
  readonly binary: StreamDecoder;
  readonly json: StreamDecoder;
  readonly costs: Map<number, SeriesCost & { fit: NumberFit; param: NumberParam; before: number }>;
}

const json = createStreamEncoder('json');

export function createWireTally(): WireTally {
  const byKind = new Map<string, Carried>();
  const byTopic = new Map<string, Carried>();
  const streams = new Map<number, Stream>();
  const writer = new BitWriter();
  function count(map: Map<string, Carried>, key: string, bytes: number, jsonBytes: number, points: number): void {
    const carried = map.get(key) ?? { messages: 0, bytes: 0, jsonBytes: 0, points: 0 };
    carried.messages++;
    carried.bytes += bytes;
    carried.jsonBytes += jsonBytes;
    carried.points += points;
    map.set(key, carried);
  }

  function takeText(text: string): void {
    const bytes = Buffer.byteLength(text);
    const message = parse(text);
    const type = typeof message.type === 'string' ? message.type : 'unreadable';
    count(byKind, type, bytes, bytes, 0);
    if (type !== 'subscribed') return;
    const { topicId, topic } = message as { topicId: number; topic: string };
    const costs = [...streams.values()].find((stream) => stream.topic === topic)?.costs ?? new Map();
    streams.set(topicId, { topic, binary: createStreamDecoder('binary'), json: createStreamDecoder('json'), costs });
  }

  function takeFrame(stream: Stream, payload: Payload): void {
    const bytes = typeof payload === 'string' ? Buffer.byteLength(payload) : payload.length;
    let frame: Frame;
    try {
      frame = (typeof payload === 'string' ? stream.json : stream.binary).decode(payload);
    } catch (error) {
      if (!(error instanceof FrameError)) throw error;
      count(byKind, 'not decoded', bytes, 0, 0);
      return;
    }
    const points = pointsOf(stream, frame);
    const jsonBytes = Buffer.byteLength(asJson(frame));
    count(byKind, frame.kind, bytes, jsonBytes, points);
    count(byTopic, stream.topic, bytes, jsonBytes, points);
  }

  function pointsOf(stream: Stream, frame: Frame): number {
    switch (frame.kind) {
      case 'history':
        return frame.history.series.reduce((sum, { time }) => sum + time.length, 0);
      case 'snapshot':
        for (const { def, last } of frame.snapshot.series) name(stream, def, last);
        return frame.snapshot.series.length;
      case 'delta': {
        for (const def of frame.delta.defs) name(stream, def, Number.NaN);
        let points = 0;
        for (const { series, last } of frame.delta.buckets) {
          points += series.length;
          for (let i = 0; i < series.length; i++) spend(stream, series[i] as number, last[i] as number);
        }
        return points;
      }
    }
  }

  function name({ topic, costs }: Stream, def: SeriesDef, value: number): void {
    const labels = Object.entries(def.labels).map(([label, text]) => `${label}=${text}`);
    const text = [def.metric, ...labels].join(' ');
    const cost = costs.get(def.id);
    if (cost !== undefined) {
      cost.name = text;
      return;
    }
    const fit = new NumberFit();
    costs.set(def.id, { topic, name: text, points: 0, bits: 0, fit, param: fit.first(value), before: value });
  }

  /** The codec's own choice, value by value. */
  function spend({ costs }: Stream, id: number, value: number): void {
    const cost = costs.get(id);
    if (cost === undefined) return;
    const written = putNumber(writer, cost.param, cost.before, value);
    cost.bits += writer.bits;
    cost.points++;
    writer.take();
    cost.param = cost.fit.next(cost.param, cost.before, value, written);
    cost.before = value;
  }

  return {
    byKind,
    byTopic,
    get series() {
      return [...new Set([...streams.values()].map(({ costs }) => costs))].flatMap((costs) => [...costs.values()]);
    },
    take(payload) {
      const topicId = peekTopicId(payload);
      if (topicId === undefined) {
        takeText(payload as string);
        return;
      }
      const stream = streams.get(topicId);
      if (stream !== undefined) takeFrame(stream, payload);
    },
  };
}

function asJson(frame: Frame): string {
  switch (frame.kind) {
    case 'snapshot':
      return json.snapshot(frame.snapshot) as string;
    case 'delta':
      return json.delta(frame.delta) as string;
    case 'history':
      return encodeHistory(frame.history, 'json') as string;
  }
}

function parse(text: string): { type?: unknown } {
  try {
    return JSON.parse(text) as { type?: unknown };
  } catch {
    return {};
  }
}
