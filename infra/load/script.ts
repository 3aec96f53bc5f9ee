// A scripted conversation with a gateway: what to say, and what must come back. A reply fits where it has every field
// that the script names; other messages may come before it.
import { z } from 'zod';

const WITHIN_MS = 5_000;

export const Step = z.union([
  /** Any JSON, or with `text` anything at all, to see how it is refused. */
  z.strictObject({ send: z.record(z.string(), z.unknown()) }),
  z.strictObject({ text: z.string() }),
  z.strictObject({ expect: z.record(z.string(), z.unknown()), withinMs: z.number().positive().default(WITHIN_MS) }),
  /** No such message comes for so long. */
  z.strictObject({ never: z.record(z.string(), z.unknown()), forMs: z.number().positive() }),
  z.strictObject({ expectClose: z.number(), withinMs: z.number().positive().default(WITHIN_MS) }),
]);
export type Step = z.infer<typeof Step>;
export const Script = z.array(Step);

/** True where `actual` has everything that `wanted` names, lists element by element. */
export function fits(wanted: unknown, actual: unknown): boolean {
  if (typeof wanted !== 'object' || wanted === null) return Object.is(wanted, actual);
  if (typeof actual !== 'object' || actual === null) return false;
  if (Array.isArray(wanted)) {
    return Array.isArray(actual) && wanted.length === actual.length && wanted.every((one, i) => fits(one, actual[i]));
  }
  return Object.entries(wanted).every(([key, value]) => fits(value, (actual as Record<string, unknown>)[key]));
}
