// How the page is being looked at: window, paused or not, crosshair, hidden series. Shared by every panel through
// context; the address says the same (view-url.ts), through `onChange`.
import { createContext } from 'svelte';
import { createCrosshair } from './crosshair.ts';
import { nextView, rangeOf, spanOf, VIEW_START, type View, type ViewEvent } from './view.ts';
import type { ViewLink } from './view-url.ts';

/** Lines end a little before now, so that they do not flap at the edge while the newest samples arrive. */
export const EDGE_MS = 1_500;

export interface ViewSetup {
  serverNow(): number;
  /** Samples taken so far, to say how many wait behind a pause. */
  taken(): number;
  /** `isDeliberate`: worth a step in the browser's history. */
  onChange(link: ViewLink, isDeliberate: boolean): void;
}

export class ViewState {
  #view = $state.raw<View>(VIEW_START);
  #hidden = $state.raw<ReadonlySet<string>>(new Set());
  #cursor = $state.raw<number | null>(null);
  #takenAtPause = 0;
  readonly crosshair = createCrosshair();
  readonly #setup: ViewSetup;

  constructor(setup: ViewSetup) {
    this.#setup = setup;
    this.crosshair.subscribe(({ time, isPinned }) => {
      const cursor = isPinned ? time : null;
      if (cursor === this.#cursor) return;
      this.#cursor = cursor;
      this.#tell(false);
    });
  }

  get view(): View {
    return this.#view;
  }
  get isFollowing(): boolean {
    return this.#view.mode === 'following';
  }
  get spanMs(): number {
    return spanOf(this.#view);
  }
  get hidden(): ReadonlySet<string> {
    return this.#hidden;
  }
  /** Pinned moment, epoch ms. */
  get cursor(): number | null {
    return this.#cursor;
  }
  get link(): ViewLink {
    return { view: this.#view, cursor: this.#cursor, hidden: [...this.#hidden] };
  }

  /** The range to draw now. Its right edge is the server's clock, not this browser's. */
  range(): { from: number; to: number } {
    return rangeOf(this.#view, this.#setup.serverNow() - EDGE_MS);
  }

  /** Samples that came since it was paused or left. */
  waiting(): number {
    return this.isFollowing ? 0 : Math.max(0, this.#setup.taken() - this.#takenAtPause);
  }

  pause(): void {
    this.#apply({ type: 'pause', now: this.#edge() }, false);
  }
  live(): void {
    this.crosshair.release();
    this.#apply({ type: 'live' }, false);
  }
  togglePause(): void {
    if (this.isFollowing) this.pause();
    else this.live();
  }
  setWindow(windowMs: number): void {
    this.#apply({ type: 'window', windowMs, now: this.#edge() }, true);
  }
  narrower(): void {
    this.#apply({ type: 'narrower', now: this.#edge() }, true);
  }
  wider(): void {
    this.#apply({ type: 'wider', now: this.#edge() }, true);
  }
  look(from: number, to: number): void {
    this.#apply({ type: 'look', from, to, now: this.#edge() }, true);
  }
  move(direction: -1 | 1): void {
    this.#apply({ type: 'move', direction, now: this.#edge() }, false);
  }

  /** Hides or shows a series. */
  toggle(key: string): void {
    const hidden = new Set(this.#hidden);
    if (!hidden.delete(key)) hidden.add(key);
    this.#hidden = hidden;
    this.#tell(false);
  }
  /** Shows one of these series alone; again: all of them. */
  isolate(key: string, among: readonly string[]): void {
    const others = among.filter((other) => other !== key);
    const isAlone = !this.#hidden.has(key) && others.length > 0 && others.every((other) => this.#hidden.has(other));
    const hidden = new Set([...this.#hidden].filter((other) => !among.includes(other)));
    if (!isAlone) for (const other of others) hidden.add(other);
    this.#hidden = hidden;
    this.#tell(false);
  }

  /** Takes what an address says, without answering to it. */
  restore(link: ViewLink): void {
    if (link.view.mode !== 'following' && this.isFollowing) this.#takenAtPause = this.#setup.taken();
    this.#view = link.view;
    this.#hidden = new Set(link.hidden);
    this.#cursor = link.cursor;
    if (link.cursor === null) this.crosshair.release();
    else this.crosshair.pin(link.cursor, null);
  }

  #apply(event: ViewEvent, isDeliberate: boolean): void {
    const before = this.#view;
    this.#view = nextView(before, event);
    if (before === this.#view) return;
    if (before.mode === 'following' && this.#view.mode !== 'following') this.#takenAtPause = this.#setup.taken();
    this.#tell(isDeliberate);
  }

  #edge(): number {
    return this.#setup.serverNow() - EDGE_MS;
  }

  #tell(isDeliberate: boolean): void {
    this.#setup.onChange(this.link, isDeliberate);
  }
}

export const [getView, setView] = createContext<ViewState>();
