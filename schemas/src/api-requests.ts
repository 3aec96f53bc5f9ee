// Access requests: POST /api/requests from a blocked panel, GET /api/requests (own, and those the reader may decide),
// POST /api/requests/:id/approve, /deny, /withdraw. Nobody decides their own.
import { z } from 'zod';
import { Id, PrincipalRef } from './api-principal.ts';
import { Pattern } from './pattern.ts';
import { Right } from './right.ts';
import { LabelFilter } from './scope.ts';

export const AccessRequest = z.object({
  id: Id,
  by: PrincipalRef,
  pattern: Pattern,
  rights: z.array(Right),
  labels: LabelFilter.nullable(),
  /** Epoch ms that was asked for; null: no end. */
  until: z.number().nullable(),
  reason: z.string(),
  state: z.enum(['open', 'approved', 'denied', 'withdrawn']),
  createdAt: z.number(),
  /** Who may decide: the owning group, or the admins. */
  owner: z.string(),
  decidedAt: z.number().nullable(),
  decidedBy: z.string().nullable(),
  answer: z.string(),
  grant: Id.nullable(),
  /** The reader may approve or deny it. */
  mayDecide: z.boolean(),
  isOwn: z.boolean(),
});
export type AccessRequest = z.infer<typeof AccessRequest>;
export const AccessRequests = z.object({ requests: z.array(AccessRequest), open: z.number() });

const rights = z.array(Right).min(1, 'ask for at least one right').max(4);
export const CreateRequestBody = z.strictObject({
  pattern: Pattern,
  rights: rights.default(['subscribe', 'history']),
  labels: LabelFilter.nullable().default(null),
  until: z.number().int().nullable(),
  reason: z.string().min(1, 'say why, so that the owner can decide').max(500),
});
export type CreateRequestBody = z.input<typeof CreateRequestBody>;
/** The approver may narrow or widen what was asked for: fields left out are as asked. */
export const ApproveRequestBody = z.strictObject({
  pattern: Pattern.optional(),
  rights: rights.optional(),
  labels: LabelFilter.nullable().optional(),
  until: z.number().int().nullable().optional(),
  answer: z.string().max(500).default(''),
});
export type ApproveRequestBody = z.input<typeof ApproveRequestBody>;
export const DenyRequestBody = z.strictObject({ answer: z.string().min(1, 'say why not').max(500) });
export type DenyRequestBody = z.infer<typeof DenyRequestBody>;
