// Who I am to this gateway, and my logins. GET /api/me answers 401 `signed_out` where nobody is signed in.
import { z } from 'zod';
import { GroupRef, Id, PRINCIPAL_KINDS } from './api-principal.ts';
import { Role } from './role.ts';

export const Me = z.object({
  kind: z.enum(PRINCIPAL_KINDS),
  id: z.string(),
  name: z.string(),
  displayName: z.string(),
  email: z.string().nullable(),
  role: Role,
  groups: z.array(GroupRef),
  /** True: nothing works but POST /api/me/password and signing out. */
  mustChangePassword: z.boolean(),
  /** False where the password is kept by another provider. */
  hasPassword: z.boolean(),
  /** Epoch ms when this login ends; null for a token without an end. */
  loginEnds: z.number().nullable(),
  policyVersion: z.number(),
  /** Server time, epoch ms. */
  now: z.number(),
});
export type Me = z.infer<typeof Me>;

export const Login = z.object({
  id: Id,
  isCurrent: z.boolean(),
  userAgent: z.string(),
  address: z.string(),
  createdAt: z.number(),
  lastSeen: z.number(),
  ends: z.number(),
});
export type Login = z.infer<typeof Login>;
/** GET /api/me/logins; DELETE /api/me/logins/:id ends one, DELETE /api/me/logins all but this one. */
export const Logins = z.object({ logins: z.array(Login) });
