// One line of a topic: its definition, its buckets in three tiers, and when it was last heard. Samples in, buckets
// out; a counter's samples become rates on the way in.
import type { SeriesState } from '@tidewatch/schemas/freshness';
import { TIERS } from '@tidewatch/schemas/history';
import type { SeriesDef } from '@tidewatch/schemas/series';
import { Cadence } from './cadence.ts';
import { Cumulative } from './cumulative.ts';
import { HistoryBudget } from './history-budget.ts';
import type { Sample } from './sample.ts';
import { type Bucket, BYTES_PER_SLOT, Tier } from './tier.ts';

/** Memory of the buckets of a series whose tiers are full, bytes. */
export const SERIES_MAX_BYTES = TIERS.reduce((sum, tier) => sum + (tier.spanMs / tier.stepMs) * BYTES_PER_SLOT, 0);

/** A class for its size: there may be 100,000. */
export class Series {
  def: SeriesDef;
  state: SeriesState = 'fresh';
  /** Epoch ms of the newest arrival. */
  arrival = 0;
  /** The same on the topic's own clock, which stands still while upstream is not live. */
  heardAt = Number.NEGATIVE_INFINITY;
  /** The series whose sample came after ours the last time: emitters keep their order. */
  follower: Series | null = null;
  /** What the newest sample changed: the second it stands in, and another one whose rate moved (epoch s; -1: none). */
  touchedSecond = -1;
  movedSecond = -1;
  #newestTime = Number.NEGATIVE_INFINITY;
  #endedTime = Number.NEGATIVE_INFINITY;
  readonly tiers: readonly [Tier, Tier, Tier];
  readonly #cadence = new Cadence();
  readonly #cumulative: Cumulative | null;

  constructor(id: number, sample: Sample, budget = new HistoryBudget()) {
    this.def = {
      id,
      metric: sample.metric,
      labels: sample.labels,
      kind: sample.kind,
      unit: sample.unit ?? '',
      description: sample.description ?? '',
      intervalMs: sample.intervalMs === undefined ? 0 : sample.intervalMs,
      isIntervalDeclared: sample.intervalMs !== undefined,
      emitter: sample.emitter ?? '',
    };
    const [seconds, tens, minutes] = TIERS.map((tier) => new Tier(tier.stepMs, tier.spanMs / tier.stepMs, budget));
    this.tiers = [seconds as Tier, tens as Tier, minutes as Tier];
    this.#cumulative = sample.kind === 'counter' ? new Cumulative() : null;
  }

  get bytes(): number {
    return this.tiers[0].bytes + this.tiers[1].bytes + this.tiers[2].bytes;
  }

  /** The emitter said so, and nothing of a later time came since. */
  get isEnded(): boolean {
    return this.#endedTime >= this.#newestTime && this.#endedTime > Number.NEGATIVE_INFINITY;
  }

  /** Takes one sample of this series; true where its definition changed. Labels, metric and kind are the series' own. */
  take(sample: Sample): boolean {
    // Whole ms: the order of samples within a slot is kept to the ms.
    const time = Math.floor(sample.time);
    if (sample.arrival > this.arrival) this.arrival = sample.arrival;
    if (time > this.#newestTime) this.#newestTime = time;
    if (sample.isEnded && time > this.#endedTime) this.#endedTime = time;
    const value = sample.value ?? Number.NaN;
    this.touchedSecond = Math.floor(time / 1_000);
    this.movedSecond = -1;
    if (this.#cumulative === null) this.#merge(time, value);
    else this.#mergeCounter(this.#cumulative, time, value);
    return this.#redefine(sample);
  }

  /** The newest bucket at a width that is a multiple of a second. Returns its start, epoch ms; 0: none. */
  readNewest(stepMs: number, into: Bucket): number {
    const { newestSlot } = this.tiers[0];
    if (newestSlot < 0) return 0;
    const time = Math.floor((newestSlot * 1_000) / stepMs) * stepMs;
    return this.readBucket(time, stepMs, into) ? time : 0;
  }

  /** One bucket of the live tier; slower widths fold seconds. False where nothing was sampled in it. */
  readBucket(time: number, stepMs: number, into: Bucket): boolean {
    const count = stepMs / 1_000;
    return count === 1 ? this.tiers[0].read(time / 1_000, into) : this.tiers[0].fold(time / 1_000, count, into);
  }

  #merge(time: number, value: number): void {
    this.tiers[0].merge(time, value);
    this.tiers[1].merge(time, value);
    this.tiers[2].merge(time, value);
  }

  #mergeCounter(cumulative: Cumulative, time: number, value: number): void {
    const placed = cumulative.add(time, value);
    // A repeat changes nothing, but the series was heard: its bucket is told again.
    if (placed === 'repeated') return;
    // The newest point moved no other: it is merged like any sample. One between others, or in place of another of its
    // time, changes rates that were merged already: their buckets are made anew from the points.
    if (placed === 'appended') {
      this.#merge(time, cumulative.rate);
      return;
    }
    const next = Math.floor(cumulative.nextTime / 1_000);
    this.#remake(cumulative, this.touchedSecond);
    if (Number.isNaN(next) || next === this.touchedSecond) return;
    this.#remake(cumulative, next);
    this.movedSecond = next;
  }

  #remake(cumulative: Cumulative, slot: number): void {
    const [seconds, tens, minutes] = this.tiers;
    if (slot < seconds.oldestSlot) return;
    if (cumulative.isWholeSince(slot * 1_000)) seconds.clear(slot);
    cumulative.eachRate(slot * 1_000, (slot + 1) * 1_000, (time, rate) => seconds.merge(time, rate));
    for (const wider of [tens, minutes]) {
      const factor = wider.stepMs / seconds.stepMs;
      const start = Math.floor(slot / factor);
      // Made anew only from seconds that are all still there.
      if (start * factor >= seconds.oldestSlot) wider.refold(start, seconds);
      else cumulative.eachRate(slot * 1_000, (slot + 1) * 1_000, (time, rate) => wider.merge(time, rate));
    }
  }

  #redefine(sample: Sample): boolean {
    const { def } = this;
    const hasLearned = this.#cadence.learn(sample.time, sample.arrival);
    const isDeclared = sample.intervalMs !== undefined || def.isIntervalDeclared;
    const intervalMs =
      sample.intervalMs !== undefined
        ? sample.intervalMs
        : def.isIntervalDeclared
          ? def.intervalMs
          : this.#cadence.knownMs;
    const unit = sample.unit ?? def.unit;
    const description = sample.description ?? def.description;
    const emitter = sample.emitter ?? def.emitter;
    const isSame =
      (!hasLearned || isDeclared) &&
      intervalMs === def.intervalMs &&
      unit === def.unit &&
      description === def.description &&
      emitter === def.emitter;
    if (isSame) return false;
    this.def = { ...def, unit, description, emitter, intervalMs, isIntervalDeclared: isDeclared };
    return true;
  }
}
