// A label filter as people type it: region=eu, tier=1. Empty means every series.
import { LabelFilter } from '@tidewatch/schemas/scope';

export type ReadLabels =
  | { readonly isOk: true; readonly labels: LabelFilter | null }
  | { readonly isOk: false; readonly message: string };

export function readLabels(text: string): ReadLabels {
  const parts = text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  if (parts.length === 0) return { isOk: true, labels: null };
  const pairs: [string, string][] = [];
  for (const part of parts) {
    const at = part.indexOf('=');
    if (at < 1) return { isOk: false, message: `"${part}" is no label: write region=eu, tier=1` };
    pairs.push([part.slice(0, at).trim(), part.slice(at + 1).trim()]);
  }
  const read = LabelFilter.safeParse(Object.fromEntries(pairs));
  return read.success
    ? { isOk: true, labels: read.data }
    : { isOk: false, message: read.error.issues[0]?.message ?? 'These are no labels' };
}
