// One metric of one topic as a panel: which lines it has, what state it is in, and what its chart is given to draw.
// State that people see is reactive and small; samples go from rings to the canvas past it.
import { untrack } from 'svelte';
import { type Columns, copyColumns, createColumns, indexAt } from '../live/columns.ts';
import type { Live } from '../live/live.svelte.ts';
import type { TopicFeed } from '../live/topic-feed.svelte.ts';
import type { Zone } from '../view/format-time.ts';
import type { View } from '../view/view.ts';
import type { ViewState } from '../view/view-state.svelte.ts';
import type { ChartInput, ChartSeries, Emphasis } from './chart-input.ts';
import { type Line, linesOf } from './metric-lines.ts';
import { isAllStale, panelState } from './panel-state.ts';
import { gapMs } from './polyline.ts';
import { unitOf } from './unit.ts';
import { stepFor } from './window-tier.ts';

/** Buckets a chart reads at once: the widest tier has 1,440. */
const COLUMNS_MAX = 1_500;
/** The eight largest are chosen anew this often. */
const CHOOSE_EVERY_MS = 60_000;

export interface MetricPanelSetup {
  readonly feed: TopicFeed;
  readonly metric: () => string;
  readonly live: Live;
  readonly view: ViewState;
  readonly zone: () => Zone;
  /** Server time since when this browser is offline; null: online. */
  readonly offlineSince: () => number | null;
}

export class MetricPanel {
  readonly #setup: MetricPanelSetup;
  readonly #columns = new Map<string, Columns>();
  #frozen: { view: View; stepMs: number; columns: Map<string, Columns> } | null = null;
  #chosenAt = $state.raw(0);
  #isEmpty = $state.raw(false);
  #isLoaded = $state.raw(false);
  /** Key of the line under the pointer, in the plot or in the legend. */
  pointed = $state.raw<string | null>(null);

  constructor(setup: MetricPanelSetup) {
    this.#setup = setup;
  }

  readonly #series = $derived.by(() => {
    const metric = this.#setup.metric();
    return [...this.#setup.feed.series.values()].filter((series) => series.def.metric === metric);
  });

  readonly lines = $derived.by(() => {
    void this.#chosenAt;
    return linesOf(this.#series);
  });

  readonly first = $derived(this.#series[0]);
  readonly isRate = $derived(this.first?.def.kind === 'counter');
  readonly unitCode = $derived(this.first?.def.unit ?? '');
  readonly keys = $derived(this.lines.top.map((line) => line.key));

  readonly state = $derived.by(() => {
    const { feed, offlineSince } = this.#setup;
    void feed.beat;
    const { status } = feed;
    const nameOf = new Map(this.lines.top.map((line) => [line.key, line.name]));
    return panelState({
      refusal: status.kind === 'forbidden' ? status : null,
      error: status.kind === 'failed' ? status.message : null,
      loadingSince: status.kind === 'opening' ? status.since : null,
      offlineSince: offlineSince(),
      upstream: feed.upstream,
      series: this.#series.map((s) => ({ name: nameOf.get(s.key) ?? '', state: s.state, arrival: s.arrival })),
      isWindowEmpty: this.#isLoaded && this.#isEmpty,
    });
  });

  get isLoaded(): boolean {
    return this.#isLoaded;
  }

  /** The lines that are shown: not hidden by the legend. */
  readonly shown = $derived(this.lines.top.filter((line) => !this.#setup.view.hidden.has(line.key)));

  /** What to draw now. Reads nothing reactively: it runs in the draw loop. */
  input(): ChartInput {
    return untrack(() => this.#input());
  }

  #input(): ChartInput {
    const { live, view, feed, zone, offlineSince } = this.#setup;
    const now = live.serverNow();
    const { from, to } = view.range();
    const stepMs = stepFor(from, now);
    if (now - this.#chosenAt > CHOOSE_EVERY_MS && this.lines.more > 0) this.#chosenAt = now;
    const { top, others } = this.lines;
    const wanted = [...others, ...top];
    const isLoaded = feed.load(
      wanted.map((line) => line.series),
      stepMs,
    );
    const columns = this.#read(wanted, from, to, stepMs, isLoaded);
    const isSingle = this.lines.isSingle;
    const hidden = view.hidden;
    const visible = wanted.filter((line) => !hidden.has(line.key));
    const isIsolated = top.length > 1 && top.filter((line) => !hidden.has(line.key)).length === 1;
    const series = visible.map((line): ChartSeries => {
      const isOther = others.includes(line);
      const isFull = isSingle || isIsolated || line.key === this.pointed;
      const emphasis: Emphasis = isOther ? 'other' : isFull ? 'full' : 'rest';
      return {
        key: line.key,
        color: line.color,
        columns: columns.get(line.key) as Columns,
        gapMs: gapMs(line.series.def.intervalMs, 1_000, stepMs),
        emphasis,
        isEnded: line.series.state === 'ended',
      };
    });
    // The one under the pointer is painted last, over the others.
    series.sort((a, b) => Number(a.emphasis === 'full') - Number(b.emphasis === 'full'));
    const isEmpty = series.every((s) => s.columns.length === 0);
    if (isEmpty !== this.#isEmpty) this.#isEmpty = isEmpty;
    if (isLoaded !== this.#isLoaded) this.#isLoaded = isLoaded;
    const newest = this.lines.top.reduce((max, line) => Math.max(max, line.series.time), 0);
    const { state } = this;
    const isHatched =
      offlineSince() !== null ||
      isAllStale(state) ||
      (state.kind === 'upstream' && state.upstream.state === 'unreachable');
    const isLate = state.kind === 'lagging' || (state.kind === 'upstream' && state.upstream.state === 'behind');
    return {
      from,
      to,
      series,
      unit: unitOf(this.unitCode, this.isRate),
      zone: zone(),
      isSingle,
      hatchFrom: isHatched && newest > 0 ? newest : null,
      lagFrom: isLate && newest > 0 ? newest : null,
      isOffline: offlineSince() !== null,
      isEmpty,
    };
  }

  /** From the rings; paused, from what was there when it was paused. */
  #read(
    lines: readonly Line[],
    from: number,
    to: number,
    stepMs: 1_000 | 10_000 | 60_000,
    isLoaded: boolean,
  ): Map<string, Columns> {
    const { view } = this.#setup.view;
    if (
      this.#frozen !== null &&
      this.#frozen.view === view &&
      lines.every((line) => this.#frozen?.columns.has(line.key))
    ) {
      return this.#frozen.columns;
    }
    this.#frozen = null;
    for (const line of lines) {
      let columns = this.#columns.get(line.key);
      if (columns === undefined) {
        columns = createColumns(COLUMNS_MAX);
        this.#columns.set(line.key, columns);
      }
      columns.length = 0;
      line.series.rings.get(stepMs)?.read(from - stepMs, view.mode === 'following' ? to : to + stepMs, columns);
    }
    for (const key of this.#columns.keys()) if (!lines.some((line) => line.key === key)) this.#columns.delete(key);
    if (view.mode === 'paused' && isLoaded) {
      const columns = new Map([...this.#columns].map(([key, value]) => [key, copyColumns(value)]));
      this.#frozen = { view, stepMs, columns };
    }
    return this.#columns;
  }

  /** Value of a line at a time, as drawn; NaN where there is none within its gap. */
  valueAt(line: Line, time: number): { value: number; time: number } {
    const columns = (this.#frozen?.columns ?? this.#columns).get(line.key);
    const at = columns === undefined ? -1 : indexAt(columns, time);
    if (columns === undefined || at < 0) return { value: Number.NaN, time };
    const start = columns.time[at] as number;
    const reach = gapMs(line.series.def.intervalMs, 1_000, 1_000);
    return time - start > Math.max(reach, 2.5 * this.#stepAt(columns, at))
      ? { value: Number.NaN, time }
      : { value: columns.last[at] as number, time: start };
  }

  #stepAt(columns: Columns, at: number): number {
    return at > 0 ? Math.min(60_000, (columns.time[at] as number) - (columns.time[at - 1] as number)) : 1_000;
  }

  /** Buckets as drawn, for the table of values. */
  columnsOf(line: Line): Columns | undefined {
    return (this.#frozen?.columns ?? this.#columns).get(line.key);
  }

  /** After a revoke: nothing of the topic stays. */
  forget(): void {
    this.#frozen = null;
    this.#columns.clear();
    this.pointed = null;
  }
}
