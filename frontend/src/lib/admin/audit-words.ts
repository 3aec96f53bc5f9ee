// An audit row in words: what was done, to what, and what changed.
import type { AuditRow } from '@tidewatch/schemas/api-audit';

const ACTIONS: Readonly<Record<string, string>> = {
  insert: 'created',
  update: 'changed',
  delete: 'removed',
  kick: 'kicked',
};
const OBJECTS: Readonly<Record<string, string>> = {
  access_requests: 'request',
  grants: 'grant',
  groups: 'group',
  logins: 'login',
  memberships: 'group.member',
  passwords: 'password',
  tokens: 'token',
  topic_owners: 'owner',
  users: 'person',
};

/** "grant.created", "login.sign_in_failed": the record's own words, tables and verbs said as people say them. */
export function whatText(row: Pick<AuditRow, 'object' | 'action'>): string {
  return `${OBJECTS[row.object] ?? row.object}.${ACTIONS[row.action] ?? row.action}`;
}

export const REFUSALS: ReadonlySet<string> = new Set(['refused', 'sign_in_failed']);

const UUID = /^[0-9a-f]{8}-[0-9a-f-]{27}$/;
const NAMED_BY = ['pattern', 'name', 'topic', 'address'] as const;

/** The name of what it was done to, as far as the record has one; an id by its first characters. */
export function onText(row: Pick<AuditRow, 'before' | 'after' | 'objectId'>): string {
  const record = row.after ?? row.before ?? {};
  for (const field of NAMED_BY) {
    const value = record[field];
    if (typeof value === 'string' && value !== '') return value;
  }
  const id = row.objectId ?? '';
  return UUID.test(id) ? id.slice(0, 8) : id;
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
