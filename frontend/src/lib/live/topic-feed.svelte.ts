// One topic as this page sees it. Subscribed while somebody reads it and unsubscribed after the last reader, so that a
// panel that is gone costs nothing. Its samples stay out of the reactive graph: `shape` changes when series come or go,
// `beat` when values do. After a revoke there is nothing left here to be shown.

import { type StepMs, TIERS } from '@tidewatch/schemas/history';
import { HISTORY_SERIES_MAX } from '@tidewatch/schemas/message-client';
import type { Rate } from '@tidewatch/schemas/rate';
import type { Right } from '@tidewatch/schemas/right';
import type { Upstream } from '@tidewatch/schemas/upstream';
import { createSubscriber } from 'svelte/reactivity';
import type { FeedLink, FeedListener, FeedPort } from '../connection/feed-port.ts';
import { createSeriesStore, type StoredSeries } from './series-store.ts';

export type FeedStatus =
  | { readonly kind: 'opening'; readonly since: number }
  | { readonly kind: 'open'; readonly rights: readonly Right[] }
  | { readonly kind: 'forbidden'; readonly reason: string; readonly owner: string }
  | { readonly kind: 'failed'; readonly message: string };

/** Buckets asked for again before the moment the connection was lost: the newest ones may not have been whole. */
const REFILL_MS = 20_000;

export class TopicFeed {
  readonly topic: string;
  readonly store = createSeriesStore();
  #status = $state.raw<FeedStatus>({ kind: 'opening', since: 0 });
  #upstream = $state.raw<Upstream>({ state: 'starting', since: 0 });
  #shape = $state.raw(0);
  #beat = $state.raw(0);
  #isKnown = $state.raw(false);
  readonly #port: FeedPort;
  readonly #rate: Rate;
  readonly #watch: () => void;
  #link: FeedLink | null = null;
  /** Keys whose history of a width is here or on its way. */
  readonly #asked = new Map<StepMs, Set<string>>();
  #pending = 0;
  #heardAt = 0;
  readonly #onData: () => void;

  constructor(topic: string, port: FeedPort, rate: Rate, onData: () => void) {
    this.topic = topic;
    this.#port = port;
    this.#rate = rate;
    this.#onData = onData;
    this.#watch = createSubscriber(() => {
      this.#open();
      return () => this.#close();
    });
  }

  get status(): FeedStatus {
    this.#watch();
    return this.#status;
  }
  /** False until the first snapshot: nothing is known yet, which is not the same as nothing there. */
  get isKnown(): boolean {
    this.#watch();
    return this.#isKnown;
  }
  get upstream(): Upstream {
    this.#watch();
    return this.#upstream;
  }
  /** Series by key. Reading it means: tell me when series come or go. */
  get series(): ReadonlyMap<string, StoredSeries> {
    this.#watch();
    void this.#shape;
    return this.store.byKey;
  }
  /** Reading it means: tell me when values change. */
  get beat(): number {
    this.#watch();
    return this.#beat;
  }

  /** True where the history of these series at this width is here. Asks for what is not. */
  load(series: readonly StoredSeries[], stepMs: StepMs): boolean {
    let asked = this.#asked.get(stepMs);
    if (asked === undefined) {
      asked = new Set();
      this.#asked.set(stepMs, asked);
      this.store.keep(stepMs);
    }
    const missing = series.filter((s) => !asked.has(s.key)).slice(0, HISTORY_SERIES_MAX);
    if (missing.length > 0 && this.#link !== null && this.#status.kind === 'open') {
      for (const s of missing) asked.add(s.key);
      const span = TIERS.find((tier) => tier.stepMs === stepMs)?.spanMs ?? 0;
      this.#request(missing, stepMs, this.#port.serverNow() - span);
    }
    return missing.length === 0 && this.#pending === 0;
  }

  #request(series: readonly StoredSeries[], stepMs: StepMs, from: number): void {
    const link = this.#link;
    if (link === null || series.length === 0) return;
    const to = Math.ceil(this.#port.serverNow() / stepMs + 1) * stepMs;
    this.#pending++;
    const range = { from: Math.floor(from / stepMs) * stepMs, to, stepMs, series: series.map((s) => s.id) };
    link
      .history(range)
      .catch(() => {
        // Lost on the way or refused: it is asked for again when somebody looks.
        for (const s of series) this.#asked.get(stepMs)?.delete(s.key);
      })
      .finally(() => {
        this.#pending--;
        this.#changed();
      });
  }

  /** After a new snapshot: what was drawn before gets the stretch that was missed. */
  #refill(): void {
    for (const [stepMs, asked] of this.#asked) {
      const series = [...this.store.byKey.values()].filter((s) => asked.has(s.key));
      for (let at = 0; at < series.length; at += HISTORY_SERIES_MAX) {
        this.#request(series.slice(at, at + HISTORY_SERIES_MAX), stepMs, this.#heardAt - REFILL_MS - stepMs);
      }
    }
  }

  #open(): void {
    this.#status = { kind: 'opening', since: this.#port.serverNow() };
    const listener: FeedListener = {
      opened: ({ rights, upstream }) => {
        this.#status = { kind: 'open', rights };
        this.#upstream = upstream;
      },
      snapshot: (snapshot) => {
        const isReturn = this.#heardAt > 0;
        this.#isKnown = true;
        if (this.store.snapshot(snapshot)) this.#shape++;
        if (isReturn) this.#refill();
        this.#heardAt = snapshot.at;
        this.#changed();
      },
      delta: (delta) => {
        if (this.store.delta(delta)) this.#shape++;
        this.#heardAt = delta.at;
        this.#changed();
      },
      history: (history) => {
        this.store.history(history);
        this.#changed();
      },
      upstream: (upstream) => {
        this.#upstream = upstream;
        this.#changed();
      },
      forbidden: (why) => {
        this.#forget();
        this.#status = { kind: 'forbidden', ...why };
        this.#changed();
      },
      failed: (message) => {
        this.#status = { kind: 'failed', message };
        this.#changed();
      },
    };
    this.#link = this.#port.open(this.topic, this.#rate, listener);
  }

  #close(): void {
    this.#link?.close();
    this.#link = null;
    this.#forget();
  }

  #forget(): void {
    this.store.clear();
    this.#asked.clear();
    this.#heardAt = 0;
    this.#isKnown = false;
    this.#shape++;
  }

  #changed(): void {
    this.#beat++;
    this.#onData();
  }
}
