// When access ends, in words: close ends as what is left, far ones as a day, none as "no end".
import { formatDay, formatMinute, type Zone } from '../view/format-time.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** "7 h 46 m", "42 s", "6 d": at most two parts, the second only where it matters. */
export function lasts(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1_000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} m`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} m`;
  return `${Math.floor(hours / 24)} d`;
}

/** "no end", "7 h 46 m" within a day, "27 Nov 08:00" later, "ended 2 d ago". */
export function untilText(until: number | null, now: number, zone: Zone): string {
  if (until === null) return 'no end';
  if (until <= now) return `ended ${lasts(now - until)} ago`;
  if (until - now < DAY) return lasts(until - now);
  return momentText(until, now, zone);
}

/** "today 20:05", "27 Nov 08:00", with the year where it is another one. */
export function momentText(at: number, now: number, zone: Zone): string {
  const day = formatDay(at, zone);
  if (day === formatDay(now, zone) && Math.abs(at - now) < DAY) return `today ${formatMinute(at, zone)}`;
  const isFar = Math.abs(at - now) > 300 * DAY;
  return isFar ? `${day} ${new Date(at).getUTCFullYear()}` : `${day} ${formatMinute(at, zone)}`;
}

/** "3 s ago", "12 min" is for ages; "never" where it did not happen. */
export function agoText(at: number | null, now: number): string {
  if (at === null || at === 0) return 'never';
  return now - at < 5_000 ? 'just now' : `${lasts(now - at)} ago`;
}

export const UNTIL_PRESETS = [
  { value: '8h', label: '8 h', ms: 8 * HOUR },
  { value: '24h', label: '24 h', ms: DAY },
  { value: '7d', label: '7 d', ms: 7 * DAY },
] as const;
