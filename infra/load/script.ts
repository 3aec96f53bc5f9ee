// A scripted conversation with a gateway: what to say, and what must come back. A reply fits where it has every field
// that the script names; other messages may come before it.

const WITHIN_MS = 5_000;

type Fields = Readonly<Record<string, unknown>>;

export type Step =
  | { readonly send: Fields }
  /** Anything at all, to see how it is refused. */
  | { readonly text: string }
  | { readonly expect: Fields; readonly withinMs: number }
  /** No such message comes for so long. */
  | { readonly never: Fields; readonly withinMs: number }
  | { readonly expectClose: number; readonly withinMs: number };

/** Throws where it is no script, and says which step is none. */
export function parseScript(text: string): Step[] {
  const script: unknown = JSON.parse(text);
  if (!Array.isArray(script)) throw new Error('A script is a list of steps.');
  return script.map((step: unknown, at) => {
    const parsed = isFields(step) ? parseStep(step) : undefined;
    if (parsed === undefined) throw new Error(`Step ${at + 1} is none: ${JSON.stringify(step)}`);
    return parsed;
  });
}

function parseStep({ send, text, expect, never, expectClose, withinMs = WITHIN_MS }: Fields): Step | undefined {
  if (typeof withinMs !== 'number') return undefined;
  if (isFields(send)) return { send };
  if (typeof text === 'string') return { text };
  if (isFields(expect)) return { expect, withinMs };
  if (isFields(never)) return { never, withinMs };
  return typeof expectClose === 'number' ? { expectClose, withinMs } : undefined;
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** True where `actual` has everything that `wanted` names, lists element by element. */
export function fits(wanted: unknown, actual: unknown): boolean {
  if (typeof wanted !== 'object' || wanted === null) return Object.is(wanted, actual);
  if (typeof actual !== 'object' || actual === null) return false;
  if (Array.isArray(wanted)) {
    return Array.isArray(actual) && wanted.length === actual.length && wanted.every((one, i) => fits(one, actual[i]));
  }
  return Object.entries(wanted).every(([key, value]) => fits(value, (actual as Fields)[key]));
}
