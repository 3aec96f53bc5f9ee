// One loop draws every chart. A chart is drawn when it is visible and due; a frame stops after its budget and goes on
// with the next chart in the next frame, so that no number of charts makes the page stutter. Sleeps while nothing is due.

/** Time a frame may spend on drawing, ms, and charts it may draw: their raster lands in the same frame. */
export const FRAME_BUDGET_MS = 6;
export const CHARTS_PER_FRAME_MAX = 6;

export interface Drawable {
  draw(now: number): void;
  /** ms between two draws while nothing urgent happens; Infinity: only when asked. */
  periodMs(): number;
}

export interface DrawHandle {
  /** Draw in the next frame that has room: data of another window, a toggle, a resize. */
  invalidate(): void;
  setVisible(isVisible: boolean): void;
  remove(): void;
}

export interface DrawScheduler {
  add(drawable: Drawable): DrawHandle;
  /** Stops drawing (the tab is hidden), or goes on with one draw of each. */
  setActive(isActive: boolean): void;
  stats(): { draws: number; frames: number };
  stop(): void;
}

export interface SchedulerSetup {
  now(): number;
  requestFrame(callback: () => void): number;
  cancelFrame(id: number): void;
  setTimer(callback: () => void, ms: number): ReturnType<typeof setTimeout>;
  clearTimer(id: ReturnType<typeof setTimeout>): void;
}

interface Entry {
  readonly drawable: Drawable;
  isVisible: boolean;
  isDirty: boolean;
  drawnAt: number;
}

export function createDrawScheduler(setup: SchedulerSetup): DrawScheduler {
  // The order is the turn: what was drawn goes to the end.
  let entries: Entry[] = [];
  let isActive = true;
  let frame: number | null = null;
  let timer: ReturnType<typeof setTimeout> | null = null;
  let draws = 0;
  let frames = 0;

  const dueAt = (entry: Entry) => (entry.isDirty ? 0 : entry.drawnAt + entry.drawable.periodMs());

  function plan(): void {
    if (!isActive || frame !== null) return;
    if (timer !== null) setup.clearTimer(timer);
    timer = null;
    let next = Number.POSITIVE_INFINITY;
    for (const entry of entries) if (entry.isVisible) next = Math.min(next, dueAt(entry));
    if (next === Number.POSITIVE_INFINITY) return;
    const wait = next - setup.now();
    if (wait <= 4) frame = setup.requestFrame(run);
    else
      timer = setup.setTimer(() => {
        timer = null;
        frame = setup.requestFrame(run);
      }, wait);
  }

  function run(): void {
    frame = null;
    frames++;
    const start = setup.now();
    const drawn: Entry[] = [];
    for (const entry of entries) {
      if (drawn.length >= CHARTS_PER_FRAME_MAX || (drawn.length > 0 && setup.now() - start >= FRAME_BUDGET_MS)) break;
      if (!entry.isVisible || dueAt(entry) > start + 4) continue;
      entry.isDirty = false;
      entry.drawnAt = start;
      drawn.push(entry);
      entry.drawable.draw(start);
      draws++;
    }
    if (drawn.length > 0)
      entries = [
        ...entries.filter((entry) => !drawn.includes(entry)),
        ...drawn.filter((entry) => entries.includes(entry)),
      ];
    plan();
  }

  function halt(): void {
    if (frame !== null) setup.cancelFrame(frame);
    if (timer !== null) setup.clearTimer(timer);
    frame = null;
    timer = null;
  }

  return {
    add(drawable) {
      const entry: Entry = { drawable, isVisible: true, isDirty: true, drawnAt: 0 };
      entries.push(entry);
      plan();
      return {
        invalidate() {
          entry.isDirty = true;
          plan();
        },
        setVisible(isVisible) {
          if (entry.isVisible === isVisible) return;
          entry.isVisible = isVisible;
          entry.isDirty = true;
          plan();
        },
        remove() {
          entries = entries.filter((other) => other !== entry);
        },
      };
    },
    setActive(next) {
      if (isActive === next) return;
      isActive = next;
      if (!next) halt();
      else {
        for (const entry of entries) entry.isDirty = true;
        plan();
      }
    },
    stats: () => ({ draws, frames }),
    stop() {
      halt();
      entries = [];
      isActive = false;
    },
  };
}
