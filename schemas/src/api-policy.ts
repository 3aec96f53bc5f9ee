// The policy as a file: GET /api/policy.yaml, POST /api/policy/diff (what would change, and for whom), POST /api/policy
// (apply). It says all groups, owners, and grants to people and groups; people and tokens themselves are not in it.
// Admins only.
import { z } from 'zod';
import { REASON_MAX_CHARS } from './api-grants.ts';
import { GroupName } from './api-groups.ts';
import { PrincipalRef } from './api-principal.ts';
import { UserName } from './api-users.ts';
import { Pattern } from './pattern.ts';
import { Right } from './right.ts';
import { LabelFilter } from './scope.ts';

export const POLICY_FILE_MAX_CHARS = 900_000;

const PolicyGrant = z
  .strictObject({
    person: z.string().optional(),
    group: z.string().optional(),
    pattern: Pattern,
    rights: z.array(Right).min(1),
    labels: LabelFilter.optional(),
    until: z.iso.datetime({ offset: true }).optional(),
    reason: z.string().max(REASON_MAX_CHARS).optional(),
  })
  .refine((grant) => (grant.person === undefined) !== (grant.group === undefined), {
    message: 'a grant is for one person or one group: name one of the two',
  });
export const PolicyFile = z.strictObject({
  tidewatch: z.literal(1),
  groups: z.array(
    z.strictObject({
      name: GroupName,
      description: z.string().max(500).optional(),
      members: z.array(UserName).optional(),
    }),
  ),
  owners: z.array(z.strictObject({ pattern: Pattern, group: z.string(), sensitive: z.boolean().optional() })),
  grants: z.array(PolicyGrant),
});
export type PolicyFile = z.infer<typeof PolicyFile>;

export const PolicyDiffBody = z.strictObject({ yaml: z.string().max(POLICY_FILE_MAX_CHARS) });
/** `version`: the one that the diff said. Refused with `conflict` where the policy has changed since. */
export const ApplyPolicyBody = PolicyDiffBody.extend({ version: z.number().int() });

export const PolicyChangeRow = z.object({
  kind: z.enum(['add', 'remove', 'change']),
  what: z.enum(['group', 'member', 'owner', 'grant']),
  /** In words: "on-call may subscribe, history on shop.**". */
  text: z.string(),
});
export type PolicyChangeRow = z.infer<typeof PolicyChangeRow>;

export const PolicyEffect = z.object({
  principal: PrincipalRef,
  /** Topics there are today that they can no longer see, newly see, or see other series of or with other rights. */
  lost: z.array(z.string()),
  gained: z.array(z.string()),
  changed: z.array(z.string()),
  /** In words: "removes bob from 12 topics". */
  text: z.string(),
});
export type PolicyEffect = z.infer<typeof PolicyEffect>;
export const PolicyDiff = z.object({
  version: z.number(),
  changes: z.array(PolicyChangeRow),
  effects: z.array(PolicyEffect),
  /** People whose access does not change. */
  untouched: z.number(),
});
export type PolicyDiff = z.infer<typeof PolicyDiff>;
