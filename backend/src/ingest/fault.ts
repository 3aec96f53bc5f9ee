// What is wrong with a record, in words for the person who emits it: the field, what was expected, what came, and the
// fix where it is known. Never longer than a line, whatever came.

export interface Fault {
  /** `value`, `labels.region`, `samples`, or `record` where no field is to blame. */
  readonly field: string;
  readonly reason: string;
}

const SHOWN_MAX_CHARS = 60;

export function fault(field: string, reason: string): Fault {
  return { field: shorten(field), reason };
}

/** A value as the reason names it: `string "NaN"`, `number 12`, `null`, `a list`. */
export function describe(value: unknown): string {
  if (value === null) return 'null';
  if (typeof value === 'string') return `string ${JSON.stringify(shorten(value))}`;
  if (typeof value === 'number')
    return Number.isFinite(value) ? `number ${value}` : 'a number beyond what a double holds';
  if (typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) return 'a list';
  return value === undefined ? 'nothing' : 'an object';
}

export function shorten(text: string): string {
  return text.length > SHOWN_MAX_CHARS ? `${text.slice(0, SHOWN_MAX_CHARS)}…` : text;
}

const SPANS = [
  [86_400_000, 'day', 'days'],
  [3_600_000, 'h', 'h'],
  [60_000, 'min', 'min'],
] as const;

/** A duration as people say it: `47 min`, `3 days`, `12 s`. */
export function spanInWords(ms: number): string {
  for (const [unitMs, one, many] of SPANS) {
    if (ms < unitMs) continue;
    const count = Math.floor(ms / unitMs);
    return `${count} ${count === 1 ? one : many}`;
  }
  return ms < 1_000 ? `${Math.round(ms)} ms` : `${Math.floor(ms / 1_000)} s`;
}
