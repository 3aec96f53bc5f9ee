// The series of a topic that a grant lets through: all of them, or a union of label matchers. Canonical, so that two
// people with the same scope share one stream.
import { z } from 'zod';
import { LabelName, type Labels } from './labels.ts';

/** Every pair must be equal for a series to match: { region: "eu", tier: "1" }. Never empty. */
export const LabelFilter = z
  .record(LabelName, z.string())
  .refine((filter) => Object.keys(filter).length > 0, 'a label filter names at least one label');
export type LabelFilter = z.infer<typeof LabelFilter>;

/** `all`, or any of these filters. An empty list lets nothing through. */
export const Scope = z.union([z.literal('all'), z.array(LabelFilter).readonly()]);
export type Scope = z.infer<typeof Scope>;

/** What is subscribed of a topic: the scope of the grants, narrowed to metric names where the client asks. */
export interface Selection {
  readonly scope: Scope;
  /** Sorted, unique metric names; null: every metric. */
  readonly metrics: readonly string[] | null;
}

export const SELECT_ALL: Selection = { scope: 'all', metrics: null };

/** Joins the scopes of several grants: one `all` makes it all; repeats and filters that another covers fall away. */
export function unionScopes(scopes: readonly Scope[]): Scope {
  const filters: LabelFilter[] = [];
  for (const scope of scopes) {
    if (scope === 'all') return 'all';
    filters.push(...scope);
  }
  const kept = filters.filter(
    (filter, at) =>
      !filters.some(
        (other, otherAt) => otherAt !== at && covers(other, filter) && (!covers(filter, other) || otherAt < at),
      ),
  );
  return kept.map(sorted).sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

/** True where the scope lets a series with these labels through. */
export function inScope(scope: Scope, labels: Labels): boolean {
  return (
    scope === 'all' || scope.some((filter) => Object.entries(filter).every(([name, value]) => labels[name] === value))
  );
}

/** True where the selection takes this series. */
export function isSelected(selection: Selection, metric: string, labels: Labels): boolean {
  return (selection.metrics === null || selection.metrics.includes(metric)) && inScope(selection.scope, labels);
}

/** Equal selections have equal keys. Takes a canonical scope (`unionScopes`) and sorted metrics. */
export function selectionKey(selection: Selection): string {
  if (selection.scope === 'all' && selection.metrics === null) return 'all';
  return JSON.stringify([selection.scope, selection.metrics]);
}

/** The wider filter names fewer labels: {region} covers {region, tier}. */
function covers(wide: LabelFilter, narrow: LabelFilter): boolean {
  return Object.entries(wide).every(([name, value]) => narrow[name] === value);
}

function sorted(filter: LabelFilter): LabelFilter {
  return Object.fromEntries(Object.entries(filter).sort(([a], [b]) => (a < b ? -1 : 1)));
}
