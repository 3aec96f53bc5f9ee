// Groups: GET/POST /api/groups, GET/PATCH/DELETE /api/groups/:id, PUT/DELETE /api/groups/:id/members/:user. Rights go to
// groups first. Everybody signed in may read names (owners are groups); only admins may change.
import { z } from 'zod';
import { Id } from './api-principal.ts';

export const GroupName = z
  .string()
  .min(1, 'a group name is not empty')
  .max(64)
  .regex(/^[A-Za-z0-9][A-Za-z0-9 ._-]*$/, 'a group name has letters, digits, space, dot, _ and -');

export const Group = z.object({
  id: Id,
  name: z.string(),
  description: z.string(),
  members: z.number(),
  grants: z.number(),
  /** Patterns this group owns. */
  owns: z.array(z.string()),
  createdAt: z.number(),
});
export type Group = z.infer<typeof Group>;
export const Groups = z.object({ groups: z.array(Group) });
export const GroupDetail = z.object({
  group: Group,
  members: z.array(z.object({ id: Id, name: z.string(), displayName: z.string() })),
});
export type GroupDetail = z.infer<typeof GroupDetail>;

export const CreateGroupBody = z.strictObject({ name: GroupName, description: z.string().max(500).default('') });
export type CreateGroupBody = z.input<typeof CreateGroupBody>;
export const UpdateGroupBody = z.strictObject({
  name: GroupName.optional(),
  description: z.string().max(500).optional(),
});
export type UpdateGroupBody = z.infer<typeof UpdateGroupBody>;
export const MemberParams = z.object({ id: Id, user: Id });
