// What pointer and keys do on a plot: move the shared crosshair, pin it, choose a line, drag a range to look at. Moving
// costs no chart a draw, except the one whose pointed line changes.
import type { ViewState } from '../view/view-state.svelte.ts';
import type { MetricPanel } from './metric-panel.svelte.ts';
import { yOf } from './plot-overlay.ts';
import type { Plot } from './polyline.ts';

/** A shorter drag is a click, px. */
const DRAG_PX = 6;
/** Lines further from the pointer are not pointed at, px. */
const NEAR_PX = 24;
/** Steps of the arrow keys across a plot. */
const KEY_STEPS = 120;

export interface PlotGesturesSetup {
  readonly id: string;
  readonly panel: MetricPanel;
  readonly view: ViewState;
  /** null: nothing is drawn yet. */
  plot(): Plot | null;
  /** Top left corner of the plot's canvas on the screen. */
  origin(): { left: number; top: number };
  /** A key moved: say what is there. */
  onKey(): void;
}

export class PlotGestures {
  /** The range being dragged, in pixels of the canvas. */
  selection = $state.raw<{ left: number; width: number } | null>(null);
  #dragFrom: { x: number; time: number } | null = null;
  readonly #setup: PlotGesturesSetup;

  constructor(setup: PlotGesturesSetup) {
    this.#setup = setup;
  }

  readonly press = (event: PointerEvent & { currentTarget: HTMLElement }): void => {
    const time = this.#timeAt(event.clientX);
    if (event.button !== 0 || time === null || event.pointerType === 'touch') return;
    this.#dragFrom = { x: event.clientX, time };
    event.currentTarget.setPointerCapture(event.pointerId);
  };

  readonly move = (event: PointerEvent): void => {
    this.#point(event);
    const from = this.#dragFrom;
    if (from === null || Math.abs(event.clientX - from.x) < DRAG_PX) return;
    const left = Math.min(event.clientX, from.x) - this.#setup.origin().left;
    this.selection = { left, width: Math.abs(event.clientX - from.x) };
  };

  readonly release = (event: PointerEvent): void => {
    const { view, id } = this.#setup;
    const from = this.#dragFrom;
    const isDrag = this.selection !== null;
    this.#dragFrom = null;
    this.selection = null;
    const time = this.#timeAt(event.clientX);
    if (time === null) return;
    if (isDrag && from !== null) view.look(from.time, time);
    else if (view.crosshair.get().isPinned) view.crosshair.release();
    else if (from !== null || event.pointerType === 'touch') view.crosshair.pin(time, id);
  };

  readonly leave = (): void => {
    this.#setup.view.crosshair.move(null, null);
    this.#setup.panel.pointed = null;
  };

  readonly key = (event: KeyboardEvent): void => {
    const { view, panel, id, onKey } = this.#setup;
    const plot = this.#setup.plot();
    if (plot === null || event.ctrlKey || event.metaKey || event.altKey) return;
    const { from, to } = plot;
    const at = view.crosshair.get().time ?? to;
    const step = Math.max(1_000, (to - from) / KEY_STEPS);
    const moves: Record<string, number> = { ArrowLeft: at - step, ArrowRight: at + step, Home: from, End: to };
    const next = moves[event.key];
    if (next !== undefined) {
      view.crosshair.release();
      view.crosshair.move(Math.min(to, Math.max(from, next)), id);
    } else if (event.key === 'ArrowUp' || event.key === 'ArrowDown') {
      const { shown } = panel;
      const index = shown.findIndex((line) => line.key === panel.pointed) + (event.key === 'ArrowDown' ? 1 : -1);
      panel.pointed = shown[(index + shown.length) % Math.max(1, shown.length)]?.key ?? null;
    } else if (event.key === 'Enter') view.crosshair.pin(at, id);
    else return;
    event.preventDefault();
    event.stopPropagation();
    onKey();
  };

  #timeAt(clientX: number): number | null {
    const plot = this.#setup.plot();
    const x = clientX - this.#setup.origin().left;
    if (plot === null || x < plot.left || x > plot.right) return null;
    return plot.from + ((x - plot.left) / (plot.right - plot.left)) * (plot.to - plot.from);
  }

  /** The crosshair goes with the pointer, and the nearest line is pointed at where one is near. */
  #point(event: PointerEvent): void {
    const { view, panel, id } = this.#setup;
    const plot = this.#setup.plot();
    const time = this.#timeAt(event.clientX);
    view.crosshair.move(time, id);
    if (panel.lines.top.length < 2 || time === null || plot === null) return;
    const y = event.clientY - this.#setup.origin().top;
    let nearest: { key: string; distance: number } | null = null;
    for (const line of panel.shown) {
      const distance = Math.abs(yOf(plot, panel.valueAt(line, time).value) - y);
      if (distance < (nearest?.distance ?? NEAR_PX)) nearest = { key: line.key, distance };
    }
    const key = nearest?.key ?? null;
    if (key !== panel.pointed) panel.pointed = key;
  }
}
