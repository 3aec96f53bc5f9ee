// What somebody can see and why: one row a rule, with where it comes from. Made by the code that enforces.
import { z } from 'zod';
import { GroupRef, Id, PrincipalRef } from './api-principal.ts';
import { Pattern } from './pattern.ts';
import { Right } from './right.ts';
import { Role } from './role.ts';
import { LabelFilter, Scope } from './scope.ts';
import { Topic } from './topic.ts';

/** Where a rule comes from: given to the principal itself, to a group of it, by its role, or by the token's own scope. */
export const Via = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('direct') }),
  z.object({ kind: z.literal('group'), group: GroupRef }),
  z.object({ kind: z.literal('role'), role: Role }),
  z.object({ kind: z.literal('token') }),
]);
export type Via = z.infer<typeof Via>;

export const AccessRule = z.object({
  /** Id of the grant; null for a rule of a role or of a token's own scope. */
  grant: Id.nullable(),
  pattern: Pattern,
  rights: z.array(Right),
  /** null: every series. */
  labels: LabelFilter.nullable(),
  /** Epoch ms; null: no end. */
  until: z.number().nullable(),
  via: Via,
  /** Who gave it; empty where nobody did (a role). */
  by: z.string(),
  reason: z.string(),
});
export type AccessRule = z.infer<typeof AccessRule>;

/** GET /api/users/:id/access and /api/me/access: topics there are today, with the rules that decide each. */
export const EffectiveTopic = z.object({
  topic: Topic,
  owner: z.string(),
  isSensitive: z.boolean(),
  rights: z.array(Right),
  scope: Scope,
  until: z.number().nullable(),
  /** Index into `rules` of each rule that lets something through. */
  rules: z.array(z.number()),
});
export type EffectiveTopic = z.infer<typeof EffectiveTopic>;
export const EffectiveAccess = z.object({
  principal: PrincipalRef,
  /** False: the account is disabled or the token revoked, and nothing below applies. */
  isActive: z.boolean(),
  policyVersion: z.number(),
  at: z.number(),
  rules: z.array(AccessRule),
  topics: z.array(EffectiveTopic),
  /** Topics that exist and that this principal may not see. */
  hidden: z.number(),
});
export type EffectiveAccess = z.infer<typeof EffectiveAccess>;

/** GET /api/topics/:topic/access: everybody who can see it. */
export const TopicAccess = z.object({
  topic: Topic,
  owner: z.string(),
  isSensitive: z.boolean(),
  policyVersion: z.number(),
  at: z.number(),
  who: z.array(
    z.object({
      principal: PrincipalRef,
      rights: z.array(Right),
      scope: Scope,
      until: z.number().nullable(),
      rules: z.array(AccessRule),
    }),
  ),
});
export type TopicAccess = z.infer<typeof TopicAccess>;

/** One rule whose pattern matches the topic, and what became of it. */
export const PathStep = z.object({
  rule: AccessRule,
  outcome: z.enum(['allows', 'ended', 'other_right']),
});
export type PathStep = z.infer<typeof PathStep>;

export const REFUSALS = ['no_rule', 'grant_ended', 'not_active', 'signed_out', 'policy_too_old'] as const;
/** Why a decision is no. `policy_too_old`: the database has been out of reach for longer than is stated. */
export type RefusalReason = (typeof REFUSALS)[number];

export const ExplainQuery = z.object({ principal: Id, action: Right, topic: Topic });
/** GET /api/explain: one decision by the function that enforces. */
export const Explanation = z.object({
  principal: PrincipalRef,
  action: Right,
  topic: Topic,
  owner: z.string(),
  isSensitive: z.boolean(),
  isAllowed: z.boolean(),
  /** null where it is refused. */
  scope: Scope.nullable(),
  reason: z.enum(REFUSALS).nullable(),
  until: z.number().nullable(),
  path: z.array(PathStep),
  policyVersion: z.number(),
  policyAgeMs: z.number(),
  at: z.number(),
});
export type Explanation = z.infer<typeof Explanation>;

export const WhoQuery = z.object({ action: Right.optional(), topic: Topic });
