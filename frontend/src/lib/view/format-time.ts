// Times, ages and durations as text. Ages are whole seconds and then coarse; durations are m:ss. A zone is UTC or the
// browser's own, and formats are made once each, since Intl is slow to make and fast to use.
export type Zone = 'UTC' | 'local';

const formats = new Map<string, Intl.DateTimeFormat>();

function format(zone: Zone, key: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const name = `${zone} ${key}`;
  let made = formats.get(name);
  if (made === undefined) {
    const timeZone = zone === 'UTC' ? { timeZone: 'UTC' } : {};
    made = new Intl.DateTimeFormat('en-GB', { ...options, ...timeZone, hourCycle: 'h23' });
    formats.set(name, made);
  }
  return made;
}

/** 12:04:53 */
export function formatClock(time: number, zone: Zone): string {
  return format(zone, 'clock', { hour: '2-digit', minute: '2-digit', second: '2-digit' }).format(time);
}

/** 12:04 */
export function formatMinute(time: number, zone: Zone): string {
  return format(zone, 'minute', { hour: '2-digit', minute: '2-digit' }).format(time);
}

/** 23 Nov */
export function formatDay(time: number, zone: Zone): string {
  return format(zone, 'day', { day: 'numeric', month: 'short' }).format(time);
}

/** A time as close as it needs to be: 12:04:53 within the same day, else 23 Nov 12:04. */
export function formatWhen(time: number, now: number, zone: Zone): string {
  const isSameDay = formatDay(time, zone) === formatDay(now, zone) && Math.abs(now - time) < 86_400_000;
  return isSameDay ? formatClock(time, zone) : `${formatDay(time, zone)} ${formatMinute(time, zone)}`;
}

/** Age since the last sample: "1 s", "42 s", "4 min", "3 h", "2 d". Never less than 0. */
export function formatAge(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1_000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3_600)} h`;
  return `${Math.floor(seconds / 86_400)} d`;
}

/** How long something has lasted: "0:42", "2:31", "1:02:03", from a day on "2 d". */
export function formatDuration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1_000));
  const two = (n: number) => String(n).padStart(2, '0');
  if (seconds < 3_600) return `${Math.floor(seconds / 60)}:${two(seconds % 60)}`;
  if (seconds < 86_400)
    return `${Math.floor(seconds / 3_600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return `${Math.floor(seconds / 86_400)} d`;
}

/** Silence as a panel names it: "42 s" within a minute, then m:ss. */
export function formatSilence(ms: number): string {
  return ms < 60_000 ? formatAge(ms) : formatDuration(ms);
}

/** Lag with a decimal while it is short: "4.2 s". */
export function formatLag(ms: number): string {
  return ms < 10_000 ? `${(Math.max(0, ms) / 1_000).toFixed(1)} s` : formatSilence(ms);
}

/** A window as people write it: 90s, 5m, 13h. */
export function formatSpan(ms: number): string {
  if (ms % 86_400_000 === 0 && ms > 86_400_000) return `${ms / 86_400_000} d`;
  if (ms % 3_600_000 === 0) return `${ms / 3_600_000} h`;
  if (ms % 60_000 === 0) return `${ms / 60_000} min`;
  return `${Math.round(ms / 1_000)} s`;
}
