// Grants: GET/POST /api/grants, PATCH/DELETE /api/grants/:id, POST /api/grants/preview. Additive, no deny. Admins grant
// everywhere, members of an owning group on its topics.
import { z } from 'zod';
import { AccessRule } from './api-access.ts';
import { GRANTEE_KINDS, GranteeRef, Id } from './api-principal.ts';
import { Pattern } from './pattern.ts';
import { Right } from './right.ts';
import { LabelFilter } from './scope.ts';

export const REASON_MAX_CHARS = 500;

export const Grant = z.object({
  id: Id,
  who: GranteeRef,
  pattern: Pattern,
  rights: z.array(Right),
  /** null: every series. */
  labels: LabelFilter.nullable(),
  /** Epoch ms; null: no end. */
  until: z.number().nullable(),
  reason: z.string(),
  by: z.string(),
  createdAt: z.number(),
  /** Raised with every change; a PATCH says the one it saw. */
  revision: z.number(),
  isEnded: z.boolean(),
  /** Topics there are today that the pattern matches. */
  matches: z.number(),
  /** Live subscriptions, on every gateway, of those it is given to and on topics it matches. */
  live: z.number(),
});
export type Grant = z.infer<typeof Grant>;

/** Filters stand in the URL. `ended`: with those that reached their end. */
export const GrantsQuery = z.object({
  who: Id.optional(),
  topic: z.string().max(200).optional(),
  ended: z.enum(['yes', 'no']).default('no'),
});
/** `mayGrant`: patterns on which the reader may give grants; `**` for admins. */
export const Grants = z.object({ grants: z.array(Grant), mayGrant: z.array(z.string()) });

const GranteeId = z.strictObject({ kind: z.enum(GRANTEE_KINDS), id: Id });
const rights = z.array(Right).min(1, 'a grant gives at least one right').max(4);

/** Makes one grant for each of `who` and each of `patterns`, all or none. */
export const CreateGrantsBody = z.strictObject({
  who: z.array(GranteeId).min(1, 'say who the grant is for').max(50),
  patterns: z.array(Pattern).min(1, 'say which topics, such as shop.**').max(20),
  rights,
  labels: LabelFilter.nullable().default(null),
  /** Epoch ms; null: no end, which asks for a reason. */
  until: z.number().int().nullable(),
  /** Needed for `**`, for sensitive topics and where there is no end. */
  reason: z.string().max(REASON_MAX_CHARS).default(''),
});
export type CreateGrantsBody = z.input<typeof CreateGrantsBody>;

/** Refused with `conflict` where `revision` is not the newest: somebody else changed it meanwhile. */
export const UpdateGrantBody = z.strictObject({
  revision: z.number().int(),
  pattern: Pattern.optional(),
  rights: rights.optional(),
  labels: LabelFilter.nullable().optional(),
  until: z.number().int().nullable().optional(),
  reason: z.string().max(REASON_MAX_CHARS).optional(),
});
export type UpdateGrantBody = z.infer<typeof UpdateGrantBody>;

/** The composer's right-hand side: the grants as they would be, before anything is saved. `who` may still be empty. */
export const PreviewGrantsBody = CreateGrantsBody.extend({ who: z.array(GranteeId).max(50) });
export type PreviewGrantsBody = z.input<typeof PreviewGrantsBody>;
export const GrantPreview = z.object({
  /** Of `topics` topics there are today, the ones that match, at most 500 by name. */
  matches: z.array(z.object({ topic: z.string(), owner: z.string(), isSensitive: z.boolean() })),
  matched: z.number(),
  topics: z.number(),
  sensitive: z.number(),
  /** Why a reason is asked for; empty: it is not. */
  reasonNeeded: z.array(z.enum(['everything', 'sensitive', 'no_end'])),
  /** Why the reader may not give this grant; null: they may. */
  refused: z.string().nullable(),
  people: z.array(
    z.object({
      principal: GranteeRef,
      /** Topics that this adds, of those that match. */
      added: z.number(),
      already: z.number(),
      /** Rules that gave the ones they already had. */
      alreadyBy: z.array(AccessRule),
    }),
  ),
  /** Sessions now open of those the grant is for. */
  sessions: z.number(),
});
export type GrantPreview = z.infer<typeof GrantPreview>;

/** What a revoke did: live subscriptions that closed, and what the person keeps through other rules. */
export const RevokedGrant = z.object({
  grant: Grant,
  closed: z.number(),
  stillAllowedBy: z.array(AccessRule),
});
export type RevokedGrant = z.infer<typeof RevokedGrant>;
