// Real metrics, publisher and codec with time by hand, and a client that keeps a real replica, skips ticks when it is
// told to, drops and resumes. It remembers every bucket that it was ever sent, as a chart does.
import type { SubprotocolName } from '@tidewatch/schemas/message-server';
import type { Rate } from '@tidewatch/schemas/rate';
import { createReplica } from '@tidewatch/schemas/replica';
import { isSelected, SELECT_ALL, type Selection } from '@tidewatch/schemas/scope';
import type { Payload } from '@tidewatch/schemas/wire/codec';
import { createStreamEncoder } from '@tidewatch/schemas/wire/encoder';
import { createMetrics } from '../../src/metrics/metrics.ts';
import type { Sample } from '../../src/metrics/sample.ts';
import { BEAT_MS, createPublisher, type Membership } from '../../src/publish/publisher.ts';
import type { Tick } from '../../src/publish/stream.ts';

export const START = 1_790_000_000_000;
export const TOPIC = 'shop.cart';

export interface Wanted {
  readonly rate?: Rate;
  readonly selection?: Selection;
  readonly subprotocol?: SubprotocolName;
}

export function createPublishKit() {
  let now = START;
  let epochs = 0;
  const calls = { snapshot: 0, delta: 0, merged: 0 };
  const metrics = createMetrics({ caps: { seriesPerTopicMax: 1_000, seriesMax: 1_000, historyMaxBytes: 1e9 } });
  const publisher = createPublisher({
    metrics,
    now: () => now,
    epochId: () => `epoch${++epochs}`,
    encoderFor(subprotocol) {
      const encoder = createStreamEncoder(subprotocol);
      return {
        snapshot: (snapshot) => count('snapshot', encoder.snapshot(snapshot)),
        delta: (delta) => count('delta', encoder.delta(delta)),
        merged: (delta, isReset) => count('merged', encoder.merged(delta, isReset)),
      };
    },
  });
  function count(kind: keyof typeof calls, payload: Payload): Payload {
    calls[kind] += 1;
    return payload;
  }

  return {
    metrics,
    publisher,
    calls,
    now: () => now,
    /** Time passes in beats, and is swept once a second; without a sweep no state changes by itself. */
    pass(ms: number, isSwept = true) {
      for (let gone = 0; gone < ms; gone += BEAT_MS) {
        now += BEAT_MS;
        if (isSwept && Math.floor(now / 1_000) !== Math.floor((now - BEAT_MS) / 1_000)) metrics.sweep(now, () => null);
        publisher.beat();
      }
    },
    take(over: Partial<Sample>) {
      const common = { topic: TOPIC, metric: 'm', labels: {}, time: now, arrival: now, kind: 'gauge' as const };
      return metrics.take({ ...common, value: 1, intervalMs: 1_000, isEnded: false, ...over });
    },
    touched: () => publisher.touched(TOPIC),
    client: (wanted: Wanted = {}) => createClient(wanted, { publisher, metrics }),
  };
}
export type PublishKit = ReturnType<typeof createPublishKit>;

function createClient(wanted: Wanted, { publisher, metrics }: Pick<PublishKit, 'publisher' | 'metrics'>) {
  const { selection = SELECT_ALL, subprotocol = 'binary' } = wanted;
  let rate = wanted.rate ?? 1;
  const replica = createReplica({ subprotocol });
  const ticks: Tick[] = [];
  const payloads: Payload[] = [];
  const faults: string[] = [];
  /** `id time` -> [min, max] as told last. */
  const extremes = new Map<string, readonly [number, number]>();
  let membership: Membership | null = null;
  let seq = -1;
  let isSkipping = false;

  function apply(payload: Payload): void {
    payloads.push(payload);
    const applied = replica.apply(payload);
    if (applied.kind === 'resync') faults.push(applied.message);
    const ids: number[] = [];
    if (applied.kind === 'snapshot')
      for (const { def, time, min, max } of applied.snapshot.series) {
        ids.push(def.id);
        if (time > 0) extremes.set(`${def.id} ${time}`, [min, max]);
      }
    if (applied.kind === 'delta') {
      const { buckets, defs, states, ages, retired } = applied.delta;
      ids.push(...defs.map(({ id }) => id), ...states.map(([id]) => id), ...ages.map(([id]) => id), ...retired);
      for (const { time, series, min, max } of buckets)
        for (let at = 0; at < series.length; at++) {
          ids.push(series[at] as number);
          extremes.set(`${series[at]} ${time}`, [min[at] as number, max[at] as number]);
        }
    }
    for (const id of ids) {
      const def = metrics.topic(TOPIC)?.seriesById[id]?.def;
      if (def !== undefined && !isSelected(selection, def.metric, def.labels)) faults.push(`${id} is not selected`);
    }
  }

  const client = {
    replica,
    ticks,
    payloads,
    faults,
    extremes,
    selection,
    get how() {
      return membership?.how;
    },
    join(resume = replica.resumePoint()) {
      membership?.leave();
      const request = { topic: TOPIC, rate, selection, subprotocol, listener: { onTick } };
      membership = publisher.join(resume === undefined ? request : { ...request, resume });
      replica.begin(membership);
      seq = membership.seq;
      apply(membership.first);
      return client;
    },
    leave() {
      membership?.leave();
      membership = null;
    },
    rate(other: Rate) {
      rate = other;
      if (membership !== null) client.join();
    },
    skip(isOn: boolean) {
      isSkipping = isOn;
    },
    /** What a client asks for that was left behind when its topic fell quiet. */
    resync() {
      if (membership === null) return;
      const { payload, seq: at } = membership.snapshot();
      seq = at;
      apply(payload);
    },
  };
  function onTick(tick: Tick): void {
    if (isSkipping) return;
    ticks.push(tick);
    const told = tick.from === seq ? { payload: tick.payload, seq: tick.to } : tick.since(seq);
    seq = told.seq;
    apply(told.payload);
  }
  return client;
}
export type TestClient = ReturnType<typeof createClient>;

/** id -> what a replica of the selection must hold now. */
export function truthOf({ metrics }: PublishKit, selection: Selection, stepMs: number): Record<number, string> {
  const bucket = { last: Number.NaN, min: Number.NaN, max: Number.NaN };
  const truth: Record<number, string> = {};
  for (const series of metrics.topic(TOPIC)?.seriesById ?? []) {
    if (series === null || !isSelected(selection, series.def.metric, series.def.labels)) continue;
    const time = series.readNewest(stepMs, bucket);
    truth[series.def.id] = rowText({ ...bucket, time, state: series.state, intervalMs: series.def.intervalMs });
  }
  return truth;
}

export function heldBy({ replica }: TestClient): Record<number, string> {
  const held: Record<number, string> = {};
  for (const [id, row] of replica.seriesById) held[id] = rowText({ ...row, intervalMs: row.def.intervalMs });
  return held;
}

interface Row {
  readonly time: number;
  readonly last: number;
  readonly min: number;
  readonly max: number;
  readonly state: string;
  readonly intervalMs: number | null;
}

function rowText({ time, last, min, max, state, intervalMs }: Row): string {
  const values = [last, min, max].map((value) => (Object.is(value, -0) ? '-0' : String(value)));
  return [time, ...values, state, intervalMs].join(' ');
}
