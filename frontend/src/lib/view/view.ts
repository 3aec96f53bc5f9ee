// What stretch of time is looked at. Three states and one transition function, pure:
//
//   following --pause--> paused --live--> following        following: the right edge is now
//   following --look---> detached --live--> following      paused: the right edge stands still, samples go on filling
//   paused    --look---> detached                          detached: a range of its own, somewhere in the past
//
// A window is one of the presets or any length that was typed; a range is never longer than a day.

export const WINDOWS_MS = [60_000, 300_000, 900_000, 3_600_000, 21_600_000, 86_400_000] as const;
export const WINDOW_DEFAULT_MS = 300_000;
export const WINDOW_MIN_MS = 10_000;
export const WINDOW_MAX_MS = 86_400_000;

export type View =
  | { readonly mode: 'following'; readonly windowMs: number }
  /** `at`: server time when it was paused, the right edge. */
  | { readonly mode: 'paused'; readonly windowMs: number; readonly at: number }
  /** `windowMs` is what following goes back to. */
  | { readonly mode: 'detached'; readonly windowMs: number; readonly from: number; readonly to: number };

export type ViewEvent =
  | { readonly type: 'pause'; readonly now: number }
  | { readonly type: 'live' }
  | { readonly type: 'window'; readonly windowMs: number; readonly now: number }
  | { readonly type: 'narrower'; readonly now: number }
  | { readonly type: 'wider'; readonly now: number }
  /** A range chosen by dragging, or from a link. */
  | { readonly type: 'look'; readonly from: number; readonly to: number; readonly now: number }
  /** By half a window, back (-1) or forth (1). */
  | { readonly type: 'move'; readonly direction: -1 | 1; readonly now: number };

export const VIEW_START: View = { mode: 'following', windowMs: WINDOW_DEFAULT_MS };

export function nextView(view: View, event: ViewEvent): View {
  switch (event.type) {
    case 'pause':
      return view.mode === 'following' ? { mode: 'paused', windowMs: view.windowMs, at: event.now } : view;
    case 'live':
      return { mode: 'following', windowMs: view.windowMs };
    case 'window':
      return resized(view, clampWindow(event.windowMs), event.now);
    case 'narrower':
      return resized(view, preset(spanOf(view), -1), event.now);
    case 'wider':
      return resized(view, preset(spanOf(view), 1), event.now);
    case 'look':
      return looked(view, event.from, event.to, event.now);
    case 'move': {
      const { from, to } = rangeOf(view, event.now);
      const by = (event.direction * (to - from)) / 2;
      if (event.direction > 0 && view.mode === 'following') return view;
      // Moving past now is going back to live.
      if (to + by >= event.now) return { mode: 'following', windowMs: view.windowMs };
      return looked(view, from + by, to + by, event.now);
    }
  }
}

/** The range that is shown, epoch ms. `edge` is where "now" is drawn. */
export function rangeOf(view: View, edge: number): { from: number; to: number } {
  switch (view.mode) {
    case 'following':
      return { from: edge - view.windowMs, to: edge };
    case 'paused':
      return { from: view.at - view.windowMs, to: view.at };
    case 'detached':
      return { from: view.from, to: view.to };
  }
}

export function spanOf(view: View): number {
  return view.mode === 'detached' ? view.to - view.from : view.windowMs;
}

export function clampWindow(ms: number): number {
  return Math.min(WINDOW_MAX_MS, Math.max(WINDOW_MIN_MS, Math.round(ms)));
}

/** "13h", "90s", "5 min", "2d": ms, or undefined where it is no window. */
export function parseWindow(text: string): number | undefined {
  const match = /^\s*(\d+(?:\.\d+)?)\s*(s|sec|m|min|h|d)\s*$/i.exec(text);
  if (match === null) return undefined;
  const unit = { s: 1_000, sec: 1_000, m: 60_000, min: 60_000, h: 3_600_000, d: 86_400_000 }[
    (match[2] as string).toLowerCase() as 's'
  ];
  const ms = Number(match[1]) * unit;
  return ms >= WINDOW_MIN_MS && ms <= WINDOW_MAX_MS ? Math.round(ms) : undefined;
}

function resized(view: View, windowMs: number, now: number): View {
  if (view.mode !== 'detached') return { ...view, windowMs };
  const middle = (view.from + view.to) / 2;
  const to = Math.min(now, middle + windowMs / 2);
  return { mode: 'detached', windowMs: view.windowMs, from: Math.round(to - windowMs), to: Math.round(to) };
}

function looked(view: View, from: number, to: number, now: number): View {
  const [low, high] = from <= to ? [from, to] : [to, from];
  const end = Math.min(high, now);
  const span = clampWindow(end - low);
  return { mode: 'detached', windowMs: view.windowMs, from: Math.round(end - span), to: Math.round(end) };
}

/** The next preset in a direction; the outermost stays. */
function preset(span: number, direction: -1 | 1): number {
  const found = direction > 0 ? WINDOWS_MS.find((ms) => ms > span) : [...WINDOWS_MS].reverse().find((ms) => ms < span);
  return found ?? span;
}
