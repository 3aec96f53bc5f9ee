// What is true now in one topic: its series, their buckets and states, and how much arrives. Keeps marks of what
// changed while somebody tracks it; a topic that nobody tracks costs no more than its rings.

import { SERIES_STATES } from '@tidewatch/schemas/freshness';
import { type HistorySeries, type StepMs, TIERS } from '@tidewatch/schemas/history';
import { type Labels, seriesKey } from '@tidewatch/schemas/labels';
import { Marks } from './marks.ts';
import type { Sample } from './sample.ts';
import { Series } from './series.ts';
import { seriesState } from './series-state.ts';
import type { Bucket } from './tier.ts';

const RATE_WINDOW_S = 10;
const RETIRE_AFTER_MS = TIERS[TIERS.length - 1]?.spanMs ?? 86_400_000;

export class TopicState {
  readonly name: string;
  /** By id; null where the series was retired. Ids are never used again in an epoch. */
  readonly seriesById: (Series | null)[] = [];
  lastArrival = 0;
  samplesTotal = 0;
  /** ms for which upstream was not live: source timers stood still. */
  #frozenMs = 0;
  /** Until when standing still has been counted, epoch ms. */
  #frozenUpTo = 0;
  #marks: Marks | null = null;
  readonly #byKey = new Map<string, Series>();
  readonly #perSecond = new Float64Array(RATE_WINDOW_S + 2);
  readonly #perSecondOf = new Float64Array(RATE_WINDOW_S + 2);

  constructor(name: string) {
    this.name = name;
  }

  get seriesCount(): number {
    return this.#byKey.size;
  }

  get isTracked(): boolean {
    return this.#marks !== null;
  }

  find(metric: string, labels: Labels): Series | undefined {
    return this.#byKey.get(seriesKey(metric, labels));
  }

  /** Takes a sample of a series that is known, or makes the series. Returns the bytes by which the rings grew. */
  take(sample: Sample, known: Series | undefined): number {
    const series = known ?? this.#create(sample);
    const before = known === undefined ? 0 : series.bytes;
    const { seconds, isDefChanged } = series.take(sample);
    series.heardAt = Math.max(series.heardAt, sample.arrival - this.#frozenMs);
    if (sample.arrival > this.lastArrival) this.lastArrival = sample.arrival;
    this.#count(sample.arrival);
    if (this.#marks !== null) {
      for (const second of seconds) this.#marks.markSecond(second, series.def.id);
      if (isDefChanged) this.#marks.defs.add(series.def.id);
    }
    const state = series.isEnded ? 'ended' : 'fresh';
    // A replayed record may be old: only the sweep, which knows the time, calls a silent series stale.
    if (series.state !== state) this.#setState(series, state);
    return series.bytes - before;
  }

  /**
   * Once a second: states by silence, and series that have not spoken for the whole of history. Returns freed bytes.
   * `deafSince`: since when the gateway could not have heard anybody, epoch ms; null: it hears.
   */
  sweep(now: number, deafSince: number | null): number {
    if (deafSince !== null) {
      this.#frozenMs += Math.max(0, now - Math.max(deafSince, this.#frozenUpTo));
      this.#frozenUpTo = now;
    }
    let freed = 0;
    for (const series of this.seriesById) {
      if (series === null) continue;
      const silence = now - this.#frozenMs - series.heardAt;
      if (silence > RETIRE_AFTER_MS) freed += this.#retire(series);
      else this.#setState(series, seriesState(silence, series.def.intervalMs, series.isEnded));
    }
    return freed;
  }

  /** Starts keeping marks. What happened before is not marked: read a snapshot first. */
  track(): void {
    this.#marks ??= new Marks();
  }

  untrack(): void {
    this.#marks = null;
  }

  /** The marks since the last drain; null where nothing changed. */
  drain(): Marks | null {
    if (this.#marks === null || this.#marks.isEmpty) return null;
    const marks = this.#marks;
    this.#marks = new Marks();
    return marks;
  }

  /** Samples a second over the last ten whole seconds. */
  rate(now: number): number {
    const newest = Math.floor(now / 1_000) - 1;
    let sum = 0;
    for (let at = 0; at < this.#perSecond.length; at++) {
      const second = this.#perSecondOf[at] as number;
      if (second <= newest && second > newest - RATE_WINDOW_S) sum += this.#perSecond[at] as number;
    }
    return sum / RATE_WINDOW_S;
  }

  /** Series by state, in the order of SERIES_STATES. */
  stateCounts(): number[] {
    const counts = SERIES_STATES.map(() => 0);
    for (const series of this.seriesById) {
      if (series !== null)
        counts[SERIES_STATES.indexOf(series.state)] = (counts[SERIES_STATES.indexOf(series.state)] ?? 0) + 1;
    }
    return counts;
  }

  /** Names of metrics and units in use, sorted. */
  vocabulary(): { metrics: string[]; units: string[] } {
    const metrics = new Set<string>();
    const units = new Set<string>();
    for (const { def } of this.#byKey.values()) {
      metrics.add(def.metric);
      if (def.unit !== '') units.add(def.unit);
    }
    return { metrics: [...metrics].sort(), units: [...units].sort() };
  }

  /** Buckets of the series in [from, to), epoch ms, of the tier of that width. Unknown ids are left out. */
  history(ids: Iterable<number>, from: number, to: number, stepMs: StepMs): HistorySeries[] {
    const bucket: Bucket = { last: 0, min: 0, max: 0 };
    const answer: HistorySeries[] = [];
    for (const id of ids) {
      const tier = this.seriesById[id]?.tiers.find((candidate) => candidate.stepMs === stepMs);
      if (tier === undefined) continue;
      const columns = { id, time: [] as number[], last: [] as number[], min: [] as number[], max: [] as number[] };
      const end = Math.min(Math.ceil(to / stepMs), tier.newestSlot + 1);
      for (let slot = Math.max(Math.ceil(from / stepMs), tier.oldestSlot); slot < end; slot++) {
        if (!tier.read(slot, bucket)) continue;
        columns.time.push(slot * stepMs);
        columns.last.push(bucket.last);
        columns.min.push(bucket.min);
        columns.max.push(bucket.max);
      }
      answer.push(columns);
    }
    return answer;
  }

  #create(sample: Sample): Series {
    const series = new Series(this.seriesById.length, sample);
    this.seriesById.push(series);
    this.#byKey.set(seriesKey(sample.metric, sample.labels), series);
    this.#marks?.defs.add(series.def.id);
    return series;
  }

  #setState(series: Series, state: Series['state']): void {
    if (series.state === state) return;
    series.state = state;
    this.#marks?.states.add(series.def.id);
  }

  #retire(series: Series): number {
    const { id, metric, labels } = series.def;
    this.seriesById[id] = null;
    this.#byKey.delete(seriesKey(metric, labels));
    this.#marks?.retired.add(id);
    return series.bytes;
  }

  #count(arrival: number): void {
    this.samplesTotal += 1;
    const second = Math.floor(arrival / 1_000);
    const at = second % this.#perSecond.length;
    if (this.#perSecondOf[at] !== second) {
      if ((this.#perSecondOf[at] as number) > second) return;
      this.#perSecondOf[at] = second;
      this.#perSecond[at] = 0;
    }
    this.#perSecond[at] = (this.#perSecond[at] as number) + 1;
  }
}
