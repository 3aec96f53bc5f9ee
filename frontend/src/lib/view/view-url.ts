// The view as it stands in the address, so that a link shows what its sender saw. "This moment" is from and to; a live
// link is a window. Whatever is not understood is left out rather than guessed.
//
//   ?window=15m                    the last 15 minutes, following
//   ?from=1764000000000&to=...     a range that stays
//   &cursor=1764000120000          a pinned crosshair    &hide=a,b   hidden series
import { clampWindow, parseWindow, type View, WINDOW_DEFAULT_MS } from './view.ts';

export interface ViewLink {
  readonly view: View;
  readonly cursor: number | null;
  readonly hidden: readonly string[];
}

/** Times a link may name: whole ms of this century. */
const TIME_MAX = 4_102_444_800_000;
export const HIDDEN_MAX = 100;

export function readView(params: URLSearchParams): ViewLink {
  const windowMs = parseWindow(params.get('window') ?? '') ?? WINDOW_DEFAULT_MS;
  const from = timeOf(params.get('from'));
  const to = timeOf(params.get('to'));
  const view: View =
    from !== null && to !== null && to > from
      ? { mode: 'detached', windowMs, from: to - clampWindow(to - from), to }
      : { mode: 'following', windowMs };
  const hidden = (params.get('hide') ?? '').split(',').filter((part) => part !== '');
  return {
    view,
    cursor: timeOf(params.get('cursor')),
    hidden: hidden.slice(0, HIDDEN_MAX).map(decodeURIComponentSafe),
  };
}

/** Writes a view over the params that are there; those of others stay. A paused view is written as its range. */
export function writeView(params: URLSearchParams, { view, cursor, hidden }: ViewLink): URLSearchParams {
  const out = new URLSearchParams(params);
  for (const name of ['window', 'from', 'to', 'cursor', 'hide']) out.delete(name);
  if (view.windowMs !== WINDOW_DEFAULT_MS) out.set('window', windowText(view.windowMs));
  if (view.mode === 'detached') {
    out.set('from', String(Math.round(view.from)));
    out.set('to', String(Math.round(view.to)));
  } else if (view.mode === 'paused') {
    out.set('from', String(Math.round(view.at - view.windowMs)));
    out.set('to', String(Math.round(view.at)));
  }
  if (cursor !== null) out.set('cursor', String(Math.round(cursor)));
  if (hidden.length > 0) out.set('hide', hidden.slice(0, HIDDEN_MAX).map(encodeURIComponent).join(','));
  return out;
}

export function windowText(ms: number): string {
  if (ms % 3_600_000 === 0) return `${ms / 3_600_000}h`;
  if (ms % 60_000 === 0) return `${ms / 60_000}m`;
  return `${Math.round(ms / 1_000)}s`;
}

function timeOf(text: string | null): number | null {
  if (text === null || !/^\d{1,13}$/.test(text)) return null;
  const time = Number(text);
  return time > 0 && time <= TIME_MAX ? time : null;
}

function decodeURIComponentSafe(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
