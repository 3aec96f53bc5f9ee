// One line of a topic: its definition, its buckets in three tiers, and when it was last heard. Samples in, buckets
// out; a counter's samples become rates on the way in.
import type { SeriesState } from '@tidewatch/schemas/freshness';
import { TIERS } from '@tidewatch/schemas/history';
import type { SeriesDef } from '@tidewatch/schemas/series';
import { Cadence } from './cadence.ts';
import { Cumulative } from './cumulative.ts';
import type { Sample } from './sample.ts';
import { type Bucket, BYTES_PER_SLOT, Tier } from './tier.ts';

/** Memory of the buckets of a series whose tiers are full, bytes. */
export const SERIES_MAX_BYTES = TIERS.reduce((sum, tier) => sum + (tier.spanMs / tier.stepMs) * BYTES_PER_SLOT, 0);

/** What a sample changed. `seconds`: starts of the 1 s buckets, as slots of a second. */
export interface Change {
  readonly seconds: readonly number[];
  readonly isDefChanged: boolean;
}

/** A class for its size: there may be 100,000. */
export class Series {
  def: SeriesDef;
  state: SeriesState = 'fresh';
  isEnded = false;
  /** Epoch ms of the newest arrival. */
  arrival = 0;
  /** The same on the topic's own clock, which stands still while upstream is not live. */
  heardAt = Number.NEGATIVE_INFINITY;
  readonly tiers: readonly [Tier, Tier, Tier];
  readonly #cadence = new Cadence();
  readonly #cumulative: Cumulative | null;

  constructor(id: number, sample: Sample) {
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
    const [seconds, tens, minutes] = TIERS.map((tier) => new Tier(tier.stepMs, tier.spanMs / tier.stepMs));
    this.tiers = [seconds as Tier, tens as Tier, minutes as Tier];
    this.#cumulative = sample.kind === 'counter' ? new Cumulative() : null;
  }

  get bytes(): number {
    return this.tiers[0].bytes + this.tiers[1].bytes + this.tiers[2].bytes;
  }

  /** Takes one sample of this series. Labels, metric and kind are the series' own. */
  take(sample: Sample): Change {
    const isDefChanged = this.#redefine(sample);
    if (sample.arrival > this.arrival) this.arrival = sample.arrival;
    this.isEnded = sample.isEnded;
    const seconds =
      this.#cumulative === null || sample.value === null
        ? this.#merge(sample.time, sample.value ?? Number.NaN)
        : this.#mergeCounter(this.#cumulative, sample.time, sample.value);
    return { seconds, isDefChanged };
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

  #merge(time: number, value: number): readonly number[] {
    for (const tier of this.tiers) tier.merge(time, value);
    return [this.tiers[0].slotOf(time)];
  }

  #mergeCounter(cumulative: Cumulative, time: number, value: number): readonly number[] {
    const changed = cumulative.add(time, value);
    // A repeat changes nothing, but the series was heard: its bucket is told again.
    if (changed.length === 0) return [this.tiers[0].slotOf(time)];
    const slots = [...new Set(changed.map((point) => this.tiers[0].slotOf(point.time)))];
    const [newest] = changed;
    // A new point at the end is merged like any sample. One that changes a rate which was merged already (between two
    // others, or beside another in its second) has its buckets made anew from the points.
    if (newest !== undefined && changed.length === 1 && !this.tiers[0].has(this.tiers[0].slotOf(newest.time))) {
      return this.#merge(newest.time, newest.rate);
    }
    for (const slot of slots) this.#remake(cumulative, slot);
    return slots;
  }

  #remake(cumulative: Cumulative, slot: number): void {
    const [seconds, tens, minutes] = this.tiers;
    if (slot < seconds.oldestSlot) return;
    if (cumulative.isWholeSince(slot * 1_000)) seconds.clear(slot);
    for (const { time, rate } of cumulative.ratesIn(slot * 1_000, (slot + 1) * 1_000)) seconds.merge(time, rate);
    tens.refold(Math.floor(slot / 10), seconds);
    // A minute is made anew only from seconds that are all still there.
    if (Math.floor(slot / 60) * 60 >= seconds.oldestSlot) minutes.refold(Math.floor(slot / 60), seconds);
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
