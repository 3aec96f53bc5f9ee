// An audit row in words: what was done, to what, and what changed.
import type { AuditRow } from '@tidewatch/schemas/api-audit';

export function whatText(row: AuditRow): string {
  return `${row.object}.${row.action}`;
}

export const REFUSALS: ReadonlySet<string> = new Set(['refused', 'sign_in_failed']);

/** The name of what it was done to, as far as the record has one. */
export function onText(row: AuditRow): string {
  const record = row.after ?? row.before ?? {};
  for (const field of ['name', 'pattern', 'topic']) {
    const value = record[field];
    if (typeof value === 'string' && value !== '') return value;
  }
  return row.objectId ?? '';
}

export interface ChangedLine {
  readonly sign: '+' | '-' | ' ';
  readonly text: string;
}

/** Field by field: what went, what came. With `isWhole` also what stayed. */
export function changedLines(row: AuditRow, isWhole: boolean): ChangedLine[] {
  const before = row.before ?? {};
  const after = row.after ?? {};
  const lines: ChangedLine[] = [];
  for (const field of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const was = field in before ? JSON.stringify(before[field]) : undefined;
    const is = field in after ? JSON.stringify(after[field]) : undefined;
    if (was === is) {
      if (isWhole) lines.push({ sign: ' ', text: `${field}: ${is}` });
      continue;
    }
    if (was !== undefined) lines.push({ sign: '-', text: `${field}: ${was}` });
    if (is !== undefined) lines.push({ sign: '+', text: `${field}: ${is}` });
  }
  return lines;
}
