// What the connection pill says: shape, word, detail; and what is announced when it changes. Pure.

import type { ConnectionState } from '@tidewatch/schemas/client-connection';
import { CLOSE } from '@tidewatch/schemas/close-code';
import type { Shape, Tone } from '../ui/state-shape.svelte';
import { formatDuration, formatLag } from '../view/format-time.ts';

export interface PillFacts {
  readonly state: ConnectionState;
  readonly isSlow: boolean;
  readonly delayMs: number | null;
  /** Local time since when the page is paused or looks at the past; null: following. */
  readonly pausedForMs: number | null;
}

export interface PillWords {
  readonly shape: Shape | null;
  readonly tone: Tone;
  readonly word: string;
  readonly wordTone: Tone;
  readonly detail: string;
  readonly frame: 'plain' | 'accent' | 'crit';
  readonly mayRetry: boolean;
}

const plain = { wordTone: 'text', detail: '', frame: 'plain', mayRetry: false } as const;

export function pillWords({ state, isSlow, delayMs, pausedForMs }: PillFacts, now: number): PillWords {
  switch (state.kind) {
    case 'connecting':
      return { ...plain, shape: 'ring', tone: 'text-3', word: 'Connecting' };
    case 'reconnecting':
      return {
        ...plain,
        shape: 'ring',
        tone: 'warn',
        word: 'Reconnecting',
        detail: `${Math.max(0, Math.floor((now - state.since) / 1_000))} s`,
      };
    case 'offline': {
      const wait = state.retryAt === null ? 0 : Math.ceil((state.retryAt - now) / 1_000);
      const detail = wait > 0 ? `retry in ${wait} s` : 'trying';
      return {
        shape: 'critical',
        tone: 'crit',
        word: `Offline ${formatDuration(now - state.since)}`,
        wordTone: 'crit',
        detail,
        frame: 'crit',
        mayRetry: true,
      };
    }
    case 'signedOut':
      return { ...plain, shape: null, tone: 'text', word: 'Signed out' };
    case 'closed': {
      const word =
        state.reason === 'kicked'
          ? 'Ended by an admin'
          : state.reason === 'stopped'
            ? 'Not connected'
            : 'Not understood';
      return { ...plain, shape: 'critical', tone: 'crit', word, wordTone: 'crit', frame: 'crit' };
    }
    case 'live':
      break;
  }
  if (pausedForMs !== null) {
    const detail = delayMs === null ? '' : `link ${delayText(delayMs)}`;
    return {
      ...plain,
      shape: 'paused',
      tone: 'accent',
      word: `Paused ${formatDuration(pausedForMs)}`,
      detail,
      frame: 'accent',
    };
  }
  if (isSlow)
    return {
      ...plain,
      shape: 'warning',
      tone: 'warn',
      word: 'Slow',
      wordTone: 'warn',
      detail: `lag ${formatLag(delayMs ?? 0)}`,
    };
  return { ...plain, shape: 'live', tone: 'accent', word: 'Live', detail: delayMs === null ? '' : delayText(delayMs) };
}

function delayText(ms: number): string {
  return ms < 1_000 ? `${Math.max(1, Math.round(ms))} ms` : formatLag(ms);
}

/** What is said aloud when the connection changes; empty where it is not worth a word. */
export function announcement(before: ConnectionState['kind'], state: ConnectionState): string {
  if (before === state.kind) return '';
  switch (state.kind) {
    case 'live':
      return before === 'connecting' ? '' : 'Connection restored. Live again.';
    case 'offline':
      return 'Connection lost. Nothing shown is current.';
    case 'signedOut':
      return CLOSE.signedOut.text;
    case 'closed':
      return state.reason === 'stopped' ? '' : CLOSE[state.reason].text;
    case 'connecting':
    case 'reconnecting':
      return '';
  }
}
