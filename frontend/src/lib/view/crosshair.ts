// The one moment that all charts point at. Not reactive: overlays listen and move, charts are not drawn again. A click
// pins it, so that it can be read and shared; Escape or another click lets go.

export interface Crosshair {
  /** Epoch ms; null: nowhere. */
  readonly time: number | null;
  readonly isPinned: boolean;
  /** Id of the panel under the pointer: it alone shows the time. */
  readonly panel: string | null;
}

export interface CrosshairStore {
  get(): Crosshair;
  /** Follows the pointer. Ignored while pinned. */
  move(time: number | null, panel: string | null): void;
  pin(time: number, panel: string | null): void;
  release(): void;
  subscribe(listener: (crosshair: Crosshair) => void): () => void;
}

export function createCrosshair(): CrosshairStore {
  let current: Crosshair = { time: null, isPinned: false, panel: null };
  const listeners = new Set<(crosshair: Crosshair) => void>();

  function set(next: Crosshair): void {
    current = next;
    for (const listener of listeners) listener(current);
  }

  return {
    get: () => current,
    move(time, panel) {
      if (!current.isPinned && (time !== current.time || panel !== current.panel))
        set({ time, isPinned: false, panel });
    },
    pin: (time, panel) => set({ time, isPinned: true, panel }),
    release: () => set({ time: null, isPinned: false, panel: null }),
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
