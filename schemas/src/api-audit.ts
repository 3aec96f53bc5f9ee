// The audit log: GET /api/audit as JSON, GET /api/audit.csv and /api/audit.jsonl as files, with the same filters in the
// URL. Admins only. Times are UTC.
import { z } from 'zod';

export const AUDIT_PAGE_MAX = 500;

const ms = z.coerce.number().int();
export const AuditQuery = z.object({
  /** Id or name. */
  actor: z.string().max(200).optional(),
  /** What kind of thing: users, groups, grants, tokens, logins, topic, session. */
  object: z.string().max(100).optional(),
  objectId: z.string().max(300).optional(),
  /** insert, update, delete, sign_in_failed, refused, kick. */
  action: z.string().max(50).optional(),
  /** Epoch ms, [from, to). */
  from: ms.optional(),
  to: ms.optional(),
  /** Rows older than this id: the next page. */
  before: z.coerce.number().int().min(1).optional(),
  limit: z.coerce.number().int().min(1).max(AUDIT_PAGE_MAX).default(100),
});
export type AuditQuery = z.infer<typeof AuditQuery>;

export const AuditRow = z.object({
  id: z.number(),
  at: z.number(),
  /** person, token, gateway, database (psql) or cli. */
  actorKind: z.string(),
  actorId: z.string().nullable(),
  actor: z.string(),
  address: z.string(),
  action: z.string(),
  object: z.string(),
  objectId: z.string().nullable(),
  before: z.record(z.string(), z.unknown()).nullable(),
  after: z.record(z.string(), z.unknown()).nullable(),
  /** How many times within the minute. */
  count: z.number(),
  note: z.string(),
});
export type AuditRow = z.infer<typeof AuditRow>;
export const AuditPage = z.object({ rows: z.array(AuditRow), next: z.number().nullable() });
export type AuditPage = z.infer<typeof AuditPage>;
