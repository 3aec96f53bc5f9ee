// What a panel's header and footer say of its state: shape, word and duration, never colour alone. Pure.
import type { Upstream } from '@tidewatch/schemas/upstream';
import type { Shape, Tone } from '../ui/state-shape.svelte';
import {
  formatAge,
  formatClock,
  formatDuration,
  formatLag,
  formatSilence,
  formatWhen,
  type Zone,
} from '../view/format-time.ts';
import { grouped } from './format-value.ts';
import { isAllStale, type PanelState } from './panel-state.ts';

export interface PanelWords {
  readonly shape: Shape | null;
  readonly tone: Tone;
  readonly text: string;
  /** Age of the newest sample; empty where the state says it already. */
  readonly age: string;
  readonly footer: string;
  /** The number is old: it stands in text-3. */
  readonly isDimmed: boolean;
}

const plain = { shape: null, tone: 'text-3', text: '', age: '', footer: '', isDimmed: false } as const;

/** Names in a footer; the rest is a count. */
const NAMES_MAX = 3;

export function panelWords(state: PanelState, now: number, zone: Zone, pausedSince: number | null): PanelWords {
  switch (state.kind) {
    case 'forbidden':
      return { ...plain, shape: 'locked', tone: 'text-2' };
    case 'error':
      return { ...plain, shape: 'error', tone: 'text', text: 'Error' };
    case 'loading':
      return { ...plain, text: '–' };
    case 'offline':
      return { ...plain, text: `offline ${formatDuration(now - state.since)}`, isDimmed: true };
    case 'upstream':
      return upstreamWords(state.upstream, now, zone);
    case 'empty':
      return { ...plain, shape: 'none', text: 'No data', isDimmed: true };
    case 'stale':
      return staleWords(state, now, zone);
    default:
      break;
  }
  if (pausedSince !== null) return { ...plain, shape: 'paused', text: formatDuration(now - pausedSince) };
  if (state.kind === 'lagging')
    return { ...plain, shape: 'warning', tone: 'warn', text: `Lag ${formatLag(now - state.since)}` };
  if (state.kind === 'ended') return { ...plain, text: `Ended ${formatWhen(state.at, now, zone)}`, isDimmed: true };
  return { ...plain, age: formatAge(now - state.newest) };
}

function upstreamWords(upstream: Upstream, now: number, zone: Zone): PanelWords {
  if (upstream.state === 'behind') {
    const footer = `Gateway is ${grouped(upstream.lagOffsets, 0)} offsets behind Kafka`;
    return { ...plain, shape: 'warning', tone: 'warn', text: `Lag ${formatLag(upstream.lagMs)}`, footer };
  }
  const footer = `The gateway has not reached Kafka since ${formatClock(upstream.since, zone)}`;
  return {
    ...plain,
    shape: 'stale',
    tone: 'text-2',
    text: `No Kafka ${formatSilence(now - upstream.since)}`,
    footer,
    isDimmed: true,
  };
}

function staleWords(state: PanelState & { kind: 'stale' }, now: number, zone: Zone): PanelWords {
  const isAll = isAllStale(state);
  const { stale, series } = state;
  const names = state.names.filter((name) => name !== '').slice(0, NAMES_MAX);
  const who =
    series <= 1
      ? names[0] === undefined
        ? ''
        : ` from ${names[0]}`
      : stale <= NAMES_MAX && names.length === stale
        ? ` from ${names.join(', ')}`
        : ` from ${stale} of ${series} series`;
  return {
    shape: 'stale',
    tone: 'text-2',
    text: isAll ? `Stale ${formatSilence(now - state.since)}` : `${stale} of ${series} stale`,
    age: '',
    footer: `No sample since ${formatWhen(state.since, now, zone)}${who}`,
    isDimmed: isAll,
  };
}
