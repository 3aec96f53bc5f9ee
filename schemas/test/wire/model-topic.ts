// A topic as a gateway keeps it, small enough to be right at a glance: buckets by series, marks by number, and the
// streams of it that the tests listen to. Frames come from the encoder under test.
import type { BucketColumns, Delta } from '@tidewatch/schemas/delta';
import { SERIES_STATES, type SeriesState } from '@tidewatch/schemas/freshness';
import { replicaChecksum } from '@tidewatch/schemas/replica-checksum';
import type { SeriesDef } from '@tidewatch/schemas/series';
import type { Snapshot } from '@tidewatch/schemas/snapshot';
import type { Payload, StreamEncoder } from '@tidewatch/schemas/wire/codec';

export const STEP_MS = 1_000;
export const BEGIN = 1_700_000_000_000;

interface Bucket {
  last: number;
  min: number;
  max: number;
}
interface ModelSeries {
  def: SeriesDef;
  state: SeriesState;
  arrival: number;
  buckets: Map<number, Bucket>;
}
type Mark = { seq: number; id: number } & ({ kind: 'bucket'; time: number } | { kind: 'def' | 'state' | 'retired' });

export function seriesDef(id: number, over: Partial<SeriesDef> = {}): SeriesDef {
  return {
    id,
    metric: `metric_${id % 3}`,
    labels: { region: 'eu', host: `h${id}` },
    kind: id % 2 === 0 ? 'gauge' : 'counter',
    unit: 'ms',
    description: '',
    intervalMs: 1_000,
    isIntervalDeclared: false,
    emitter: 'test',
    ...over,
  };
}

export function createModelTopic() {
  const series = new Map<number, ModelSeries>();
  const marks: Mark[] = [];
  let pending: Mark[] = [];
  let head = 10;
  let nextId = 0;
  let now = BEGIN;

  const mark = (id: number, rest: { kind: 'bucket'; time: number } | { kind: 'def' | 'state' | 'retired' }) =>
    pending.push({ seq: 0, id, ...rest });
  const newest = ({ buckets }: ModelSeries) => {
    const time = Math.max(0, ...buckets.keys());
    return { time, ...(buckets.get(time) ?? { last: Number.NaN, min: Number.NaN, max: Number.NaN }) };
  };
  const rows = () => [...series].map(([id, one]) => ({ id, state: one.state, ...newest(one) }));

  return {
    ids: () => [...series.keys()],
    head: () => head,
    rows,
    wait(ms: number) {
      now += ms;
    },
    add(): number {
      const id = nextId++;
      series.set(id, { def: seriesDef(id), state: 'fresh', arrival: 0, buckets: new Map() });
      mark(id, { kind: 'def' });
      return id;
    },
    sample(id: number, secondsAgo: number, value: number) {
      const one = series.get(id);
      if (one === undefined) return;
      const time = Math.floor(now / STEP_MS) * STEP_MS - secondsAgo * STEP_MS;
      const old = one.buckets.get(time);
      const min = old === undefined || Number.isNaN(old.min) || value < old.min ? value : old.min;
      const max = old === undefined || Number.isNaN(old.max) || value > old.max ? value : old.max;
      one.buckets.set(time, { last: value, min, max });
      one.arrival = now;
      mark(id, { kind: 'bucket', time });
    },
    setState(id: number, code: number) {
      const one = series.get(id);
      if (one === undefined) return;
      one.state = SERIES_STATES[code] as SeriesState;
      mark(id, { kind: 'state' });
    },
    redefine(id: number, unit: string) {
      const one = series.get(id);
      if (one === undefined) return;
      one.def = { ...one.def, unit };
      mark(id, { kind: 'def' });
    },
    retire(id: number) {
      if (series.delete(id)) mark(id, { kind: 'retired' });
    },
    /** What was touched gets the next number. */
    step() {
      if (pending.length === 0) return;
      head++;
      for (const one of pending) marks.push({ ...one, seq: head });
      pending = [];
    },
    delta(from: number, to: number, hasChecksum: boolean): Delta {
      const own = marks.filter(({ seq }) => seq > from && seq <= to);
      const alive = own.filter(({ id }) => series.has(id));
      const idsOf = (kind: Mark['kind'], all = alive) =>
        [...new Set(all.filter((one) => one.kind === kind).map(({ id }) => id))].sort((a, b) => a - b);
      const times = [...new Set(alive.flatMap((one) => (one.kind === 'bucket' ? [one.time] : [])))].sort();
      const buckets = times.map((time): BucketColumns => {
        const touched = alive.filter((one) => one.kind === 'bucket' && one.time === time).map(({ id }) => id);
        const ids = [...new Set(touched)].sort((a, b) => a - b);
        const column = (key: keyof Bucket) => ids.map((id) => series.get(id)?.buckets.get(time)?.[key] ?? Number.NaN);
        return { time, series: ids, last: column('last'), min: column('min'), max: column('max') };
      });
      return {
        topicId: 5,
        from,
        to,
        at: now,
        defs: idsOf('def').flatMap((id) => series.get(id)?.def ?? []),
        retired: idsOf('retired', own),
        states: idsOf('state').map((id) => [id, series.get(id)?.state ?? 'fresh']),
        ages: [],
        buckets,
        checksum: hasChecksum ? replicaChecksum(rows()) : null,
      };
    },
    snapshot(): Snapshot {
      const all = [...series.values()].map((one) => {
        return { def: one.def, state: one.state, arrival: one.arrival, ...newest(one) };
      });
      return { topicId: 5, epoch: 'one', seq: head, at: now, stepMs: STEP_MS, series: all };
    },
  };
}
export type ModelTopic = ReturnType<typeof createModelTopic>;

/** One stream of the topic, as a publisher runs it. */
export function createModelStream(topic: ModelTopic, encoder: StreamEncoder) {
  let from = topic.head();
  return {
    snapshot: () => ({ payload: encoder.snapshot(topic.snapshot()), seq: topic.head() }),
    resume: (seq: number) => ({
      payload: encoder.merged(topic.delta(seq, topic.head(), false), true),
      seq: topic.head(),
    }),
    /** The frame for those who stand at `from`, and how to get the one for others. */
    tick(hasChecksum: boolean) {
      const start = from;
      const to = topic.head();
      if (to === start) return undefined;
      from = to;
      const payload = encoder.delta(topic.delta(start, to, hasChecksum));
      const since = (seq: number): Payload => encoder.merged(topic.delta(Math.min(seq, start), to, false), false);
      return { from: start, to, payload, since };
    },
  };
}
