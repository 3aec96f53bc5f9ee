// People: GET/POST /api/users, GET/PATCH/DELETE /api/users/:id, POST /api/users/:id/password. Admins only.
import { z } from 'zod';
import { GroupRef, Id } from './api-principal.ts';
import { Role } from './role.ts';

export const USER_NAME_MAX_CHARS = 64;
export const UserName = z
  .string()
  .min(1, 'a user name is not empty')
  .max(USER_NAME_MAX_CHARS)
  .regex(/^[a-z0-9][a-z0-9._-]*$/, 'a user name has lower-case letters, digits, dot, _ and -, such as alice.w');

export const User = z.object({
  id: Id,
  name: z.string(),
  displayName: z.string(),
  email: z.string().nullable(),
  role: Role,
  isDisabled: z.boolean(),
  mustChangePassword: z.boolean(),
  groups: z.array(GroupRef),
  /** Grants given to the person itself that have not ended. */
  grants: z.number(),
  /** Sessions of this person on every gateway. */
  sessions: z.number(),
  createdAt: z.number(),
  lastSignIn: z.number().nullable(),
  /** Epoch ms until which sign-in is locked after wrong passwords; null: not locked. */
  lockedUntil: z.number().nullable(),
});
export type User = z.infer<typeof User>;
export const Users = z.object({ users: z.array(User) });

export const CreateUserBody = z.strictObject({
  name: UserName,
  displayName: z.string().max(200).optional(),
  email: z.email('an e-mail address looks like alice@example.org').nullable().optional(),
  role: Role.default('viewer'),
  groups: z.array(Id).max(100).default([]),
});
export type CreateUserBody = z.input<typeof CreateUserBody>;
/** The password is shown once; the person must change it on first use. */
export const UserWithPassword = z.object({ user: User, password: z.string() });
export type UserWithPassword = z.infer<typeof UserWithPassword>;

/** Fields left out stay. Disabling ends logins and sessions at once; it is refused for the last admin. */
export const UpdateUserBody = z.strictObject({
  displayName: z.string().max(200).optional(),
  email: z.email('an e-mail address looks like alice@example.org').nullable().optional(),
  role: Role.optional(),
  isDisabled: z.boolean().optional(),
  groups: z.array(Id).max(100).optional(),
});
export type UpdateUserBody = z.infer<typeof UpdateUserBody>;
