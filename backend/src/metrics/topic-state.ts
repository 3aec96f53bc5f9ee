// What is true now in one topic: its series, their buckets and states, and how much arrives. Keeps marks of what
// changed while somebody tracks it; a topic that nobody tracks costs no more than its rings.

import { SERIES_STATES, type SeriesState } from '@tidewatch/schemas/freshness';
import { type HistorySeries, type StepMs, TIERS } from '@tidewatch/schemas/history';
import { type Labels, seriesKey } from '@tidewatch/schemas/labels';
import { HistoryBudget } from './history-budget.ts';
import { Marks } from './marks.ts';
import type { Sample } from './sample.ts';
import { Series } from './series.ts';
import { seriesState } from './series-state.ts';
import type { Bucket } from './tier.ts';

const RATE_WINDOW_S = 10;
const RETIRE_AFTER_MS = TIERS[TIERS.length - 1]?.spanMs ?? 86_400_000;

export interface Vocabulary {
  readonly metrics: readonly string[];
  readonly units: readonly string[];
}

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
  readonly #budget: HistoryBudget;
  /** In the order of SERIES_STATES. */
  readonly #counts = SERIES_STATES.map(() => 0);
  #vocabulary: Vocabulary | null = null;
  /** Whose sample came last: the next is most likely its follower's. */
  #previous: Series | null = null;
  #sweptAt = 0;
  readonly #perSecond = new Float64Array(RATE_WINDOW_S + 2);
  readonly #perSecondOf = new Float64Array(RATE_WINDOW_S + 2);

  constructor(name: string, budget = new HistoryBudget()) {
    this.name = name;
    this.#budget = budget;
  }

  get seriesCount(): number {
    return this.#byKey.size;
  }

  get isTracked(): boolean {
    return this.#marks !== null;
  }

  /** The series, if it is known. Most often that is the one that followed the last time, which costs no key. */
  find(metric: string, labels: Labels): Series | undefined {
    const guess = this.#previous?.follower;
    if (guess != null && isOf(guess, metric, labels) && this.seriesById[guess.def.id] === guess) return guess;
    return this.#byKey.get(seriesKey(metric, labels));
  }

  /** Takes a sample of a series that is known, or makes the series. */
  take(sample: Sample, known: Series | undefined): void {
    const series = known ?? this.#create(sample);
    if (this.#previous !== null) this.#previous.follower = series;
    this.#previous = series;
    const isDefChanged = series.take(sample);
    series.heardAt = Math.max(series.heardAt, sample.arrival - this.#frozenMs);
    if (sample.arrival > this.lastArrival) this.lastArrival = sample.arrival;
    this.#count(sample.arrival);
    if (isDefChanged) this.#vocabulary = null;
    const { id, intervalMs } = series.def;
    if (this.#marks !== null) {
      this.#marks.markSecond(series.touchedSecond, id);
      if (series.movedSecond >= 0) this.#marks.markSecond(series.movedSecond, id);
      if (isDefChanged) this.#marks.defs.add(id);
    }
    // As of the newest sweep: a record that was old when it came does not look current until the next.
    const silence = this.#sweptAt > 0 ? this.#sweptAt - this.#frozenMs - series.heardAt : 0;
    this.#setState(series, seriesState(silence, intervalMs, series.isEnded));
  }

  /**
   * Once a second: states by silence, and series that have not spoken for the whole of history.
   * `deafSince`: since when the gateway could not have heard anybody, epoch ms; null: it hears.
   */
  sweep(now: number, deafSince: number | null): void {
    this.#sweptAt = now;
    if (deafSince !== null) {
      this.#frozenMs += Math.max(0, now - Math.max(deafSince, this.#frozenUpTo));
      this.#frozenUpTo = now;
    }
    for (const series of this.seriesById) {
      if (series === null) continue;
      const silence = now - this.#frozenMs - series.heardAt;
      if (silence > RETIRE_AFTER_MS) this.#retire(series);
      else this.#setState(series, seriesState(silence, series.def.intervalMs, series.isEnded));
    }
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
    return [...this.#counts];
  }

  /** Names of metrics and units in use, sorted. */
  vocabulary(): Vocabulary {
    if (this.#vocabulary !== null) return this.#vocabulary;
    const metrics = new Set<string>();
    const units = new Set<string>();
    for (const { def } of this.#byKey.values()) {
      metrics.add(def.metric);
      if (def.unit !== '') units.add(def.unit);
    }
    this.#vocabulary = { metrics: [...metrics].sort(), units: [...units].sort() };
    return this.#vocabulary;
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
    const series = new Series(this.seriesById.length, sample, this.#budget);
    this.seriesById.push(series);
    this.#byKey.set(seriesKey(sample.metric, sample.labels), series);
    this.#countState(series.state, 1);
    this.#vocabulary = null;
    this.#marks?.defs.add(series.def.id);
    return series;
  }

  #setState(series: Series, state: SeriesState): void {
    if (series.state === state) return;
    this.#countState(series.state, -1);
    this.#countState(state, 1);
    series.state = state;
    this.#marks?.states.add(series.def.id);
  }

  #retire(series: Series): void {
    const { id, metric, labels } = series.def;
    this.seriesById[id] = null;
    this.#byKey.delete(seriesKey(metric, labels));
    this.#budget.give(series.bytes);
    this.#countState(series.state, -1);
    this.#vocabulary = null;
    // What retired keeps nothing else in memory.
    series.follower = null;
    if (this.#previous === series) this.#previous = null;
    this.#marks?.retired.set(id, series.def);
  }

  #countState(state: SeriesState, by: 1 | -1): void {
    const at = SERIES_STATES.indexOf(state);
    this.#counts[at] = (this.#counts[at] as number) + by;
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

function isOf({ def }: Series, metric: string, labels: Labels): boolean {
  if (def.metric !== metric) return false;
  const own = def.labels;
  if (own === labels) return true;
  let count = 0;
  for (const name in labels) {
    if (own[name] !== labels[name]) return false;
    count += 1;
  }
  for (const _ in own) count -= 1;
  return count === 0;
}
