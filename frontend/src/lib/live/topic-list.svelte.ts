// The topics there are, as the gateway tells once a second: what I may see with its rate, what I may not with its owner.
// Rates are remembered while the page is open, for the sparklines; nothing before that is made up.
import type { TopicRow } from '@tidewatch/schemas/message-server';
import { createSubscriber, SvelteMap } from 'svelte/reactivity';
import type { FeedPort } from '../connection/feed-port.ts';
import { type Columns, createColumns } from './columns.ts';
import { createRing, type Ring } from './ring.ts';

const RATE_STEP_MS = 1_000;
const RATE_SLOTS = 900;
/** Topics whose rate is remembered: 2,000 full rings are about 60 MB. */
const RATE_TOPICS_MAX = 2_000;

export class TopicList {
  readonly #rows = new SvelteMap<string, TopicRow>();
  #isKnown = $state.raw(false);
  #at = $state.raw(0);
  readonly #rates = new Map<string, Ring>();
  readonly #watch: () => void;

  constructor(port: FeedPort) {
    this.#watch = createSubscriber(() => port.watchTopics({ rows: (...message) => this.#take(...message) }));
  }

  /** False until the first list came. */
  get isKnown(): boolean {
    this.#watch();
    return this.#isKnown;
  }
  /** Server time of the newest list. Changes once a second. */
  get at(): number {
    this.#watch();
    return this.#at;
  }
  get rows(): ReadonlyMap<string, TopicRow> {
    this.#watch();
    return this.#rows;
  }
  row(topic: string): TopicRow | undefined {
    this.#watch();
    return this.#rows.get(topic);
  }

  /** Samples a second of a topic in [from, to], as far as this page has seen them. */
  rates(topic: string, from: number, to: number, into: Columns = createColumns(RATE_SLOTS)): Columns {
    const ring = this.#rates.get(topic);
    into.length = 0;
    return ring === undefined ? into : ring.read(from, to, into);
  }

  #take(at: number, isWhole: boolean, rows: readonly TopicRow[], gone: readonly string[]): void {
    if (isWhole) {
      const names = new Set(rows.map((row) => row.topic));
      for (const topic of [...this.#rows.keys()]) if (!names.has(topic)) this.#drop(topic);
    }
    for (const topic of gone) this.#drop(topic);
    for (const row of rows) this.#rows.set(row.topic, row);
    // A row that is not told again has not changed: its rate goes on.
    for (const [topic, row] of this.#rows) {
      if (row.rights.length === 0) this.#rates.delete(topic);
      else if (row.rate !== undefined) this.#ring(topic)?.set(at, row.rate, row.rate, row.rate);
    }
    this.#at = at;
    this.#isKnown = true;
  }

  #ring(topic: string): Ring | undefined {
    let ring = this.#rates.get(topic);
    if (ring === undefined && this.#rates.size < RATE_TOPICS_MAX) {
      ring = createRing(RATE_STEP_MS, RATE_SLOTS);
      this.#rates.set(topic, ring);
    }
    return ring;
  }

  #drop(topic: string): void {
    this.#rows.delete(topic);
    this.#rates.delete(topic);
  }
}
