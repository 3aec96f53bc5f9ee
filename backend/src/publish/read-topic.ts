// Reads a topic as one stream sees it: a delta from marks, a snapshot from all, a checksum to prove either. Values come
// from the rings at this moment.
import type { BucketColumns, Delta } from '@tidewatch/schemas/delta';
import { replicaChecksum } from '@tidewatch/schemas/replica-checksum';
import type { Snapshot, SnapshotSeries } from '@tidewatch/schemas/snapshot';
import type { Marks } from '../metrics/marks.ts';
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
    retired: sortedIds(marks.retired).filter((id) => selected.has(id)),
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
  const idsByTime = new Map<number, Set<number>>();
  for (const [second, bits] of marks.seconds) {
    const time = Math.floor((second * 1_000) / stepMs) * stepMs;
    let ids = idsByTime.get(time);
    if (ids === undefined) {
      ids = new Set();
      idsByTime.set(time, ids);
    }
    for (const id of bits) if (selected.has(id)) ids.add(id);
  }
  const heard = new Set<number>();
  const buckets: BucketColumns[] = [];
  const bucket = noBucket();
  for (const time of sortedIds(idsByTime.keys())) {
    const columns = { time, series: [] as number[], last: [] as number[], min: [] as number[], max: [] as number[] };
    for (const id of sortedIds(idsByTime.get(time) ?? [])) {
      const series = topic.seriesById[id];
      if (series == null || !series.readBucket(time, stepMs, bucket)) continue;
      heard.add(id);
      columns.series.push(id);
      columns.last.push(bucket.last);
      columns.min.push(bucket.min);
      columns.max.push(bucket.max);
    }
    if (columns.series.length > 0) buckets.push(columns);
  }
  const ages: [number, number][] = [];
  for (const id of sortedIds(heard)) {
    const age = at - (topic.seriesById[id]?.arrival ?? at);
    if (age > view.ageToldMs) ages.push([id, age]);
  }
  return { buckets, ages };
}

function sortedIds(ids: Iterable<number>): number[] {
  return [...ids].sort((a, b) => a - b);
}

function noBucket(): Bucket {
  return { last: Number.NaN, min: Number.NaN, max: Number.NaN };
}
