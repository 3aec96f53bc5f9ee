// A Prometheus duration (1s, 500ms, 1m30s) in ms. Used for the declared cadence of a series.
import { z } from 'zod';

const UNIT_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
  y: 31_536_000_000,
};
const DURATION = /^(?:(\d+)y)?(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:(\d+)ms)?$/;
const UNITS = ['y', 'w', 'd', 'h', 'm', 's', 'ms'] as const;

/** ms of a Prometheus duration, or undefined where the text is none. `0` and empty text are none. */
export function parseDurationMs(text: string): number | undefined {
  const match = text === '' ? null : DURATION.exec(text);
  if (match === null) return undefined;
  let ms = 0;
  for (const [at, unit] of UNITS.entries()) ms += Number(match[at + 1] ?? 0) * (UNIT_MS[unit] ?? 0);
  return ms > 0 && ms <= Number.MAX_SAFE_INTEGER ? ms : undefined;
}

export const Duration = z
  .string()
  .refine((text) => parseDurationMs(text) !== undefined, 'a duration is written as 500ms, 1s, 1m30s or 1h');
