// Reads a topic as one stream sees it: a delta from marks, a snapshot from all, a checksum to prove either. Values come
// from the rings at this moment.
import type { BucketColumns, Delta } from '@tidewatch/schemas/delta';
import { replicaChecksum } from '@tidewatch/schemas/replica-checksum';
import type { Snapshot, SnapshotSeries } from '@tidewatch/schemas/snapshot';
import { Bits, type Marks } from '../metrics/marks.ts';
import type { Bucket } from '../metrics/tier.ts';
import type { TopicState } from '../metrics/topic-state.ts';
import type { SelectedSeries } from './selected-series.ts';

export interface View {
  readonly topic: TopicState;
  readonly topicId: number;
  readonly selected: SelectedSeries;
  readonly stepMs: number;
  /** A sample older than this at the time of a delta has its age told, ms. */
  readonly ageToldMs: number;
}

/** The delta for (from, to] out of the marks of those steps. */
export function readDelta(view: View, marks: Marks, span: { from: number; to: number; at: number }): Delta {
  const { topic, selected } = view;
  const isKnown = (id: number) => selected.has(id) && topic.seriesById[id] != null;
  const { buckets, ages } = readBuckets(view, marks, span.at);
  return {
    topicId: view.topicId,
    ...span,
    defs: sortedIds(marks.defs).flatMap((id) => (isKnown(id) ? [topic.seriesById[id]?.def ?? []].flat() : [])),
    retired: sortedIds(marks.retired.keys()).filter((id) => selected.hadTaken(marks.retired.get(id))),
    states: sortedIds(marks.states).flatMap((id) => {
      const series = topic.seriesById[id];
      return series != null && selected.has(id) ? [[id, series.state] as const] : [];
    }),
    ages,
    buckets,
    checksum: null,
  };
}

export function isEmptyDelta(delta: Delta): boolean {
  return (
    delta.buckets.length === 0 && delta.defs.length === 0 && delta.states.length === 0 && delta.retired.length === 0
  );
}

/** Every series of the selection as it is now. */
export function readSnapshot(view: View, epoch: string, seq: number, at: number): Snapshot {
  const series = view.selected.all().map((one): SnapshotSeries => {
    const bucket = noBucket();
    const time = one.readNewest(view.stepMs, bucket);
    return { def: one.def, state: one.state, arrival: one.arrival, time, ...bucket };
  });
  return { topicId: view.topicId, epoch, seq, at, stepMs: view.stepMs, series };
}

/** What a replica of this view must sum up to now. */
export function readChecksum(view: View): number {
  return replicaChecksum(
    view.selected.all().map((one) => {
      const bucket = noBucket();
      return { id: one.def.id, state: one.state, time: one.readNewest(view.stepMs, bucket), ...bucket };
    }),
  );
}

function readBuckets(view: View, marks: Marks, at: number): Pick<Delta, 'buckets' | 'ages'> {
  const { topic, selected, stepMs } = view;
  const bitsByTime = new Map<number, Bits>();
  for (const [second, bits] of marks.seconds) {
    const time = Math.floor((second * 1_000) / stepMs) * stepMs;
    const union = bitsByTime.get(time) ?? new Bits();
    union.addAll(bits);
    bitsByTime.set(time, union);
  }
  const buckets: BucketColumns[] = [];
  const ages: [number, number][] = [];
  const bucket = noBucket();
  for (const time of sortedIds(bitsByTime.keys())) {
    const ids = bitsByTime.get(time)?.toIds() ?? NO_IDS;
    const series = new Uint32Array(ids.length);
    const last = new Float64Array(ids.length);
    const min = new Float64Array(ids.length);
    const max = new Float64Array(ids.length);
    let count = 0;
    for (const id of ids) {
      const one = topic.seriesById[id];
      if (one == null || !selected.has(id) || !one.readBucket(time, stepMs, bucket)) continue;
      if (at - one.arrival > view.ageToldMs) ages.push([id, at - one.arrival]);
      series[count] = id;
      last[count] = bucket.last;
      min[count] = bucket.min;
      max[count] = bucket.max;
      count += 1;
    }
    if (count === 0) continue;
    const cut = <Column extends Uint32Array | Float64Array>(column: Column) =>
      count === ids.length ? column : (column.subarray(0, count) as Column);
    buckets.push({ time, series: cut(series), last: cut(last), min: cut(min), max: cut(max) });
  }
  // A series may stand in several buckets; its age is told once.
  if (bitsByTime.size > 1) return { buckets, ages: [...new Map(ages)].sort((a, b) => a[0] - b[0]) };
  return { buckets, ages };
}

const NO_IDS = new Uint32Array(0);

function sortedIds(ids: Iterable<number>): number[] {
  return [...ids].sort((a, b) => a - b);
}

function noBucket(): Bucket {
  return { last: Number.NaN, min: Number.NaN, max: Number.NaN };
}
