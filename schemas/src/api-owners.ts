// Owners of topics: GET /api/owners, PUT /api/owners, DELETE /api/owners?pattern=. The most precise row that matches a
// topic owns it; none: the admins. Kept by admins.
import { z } from 'zod';
import { GroupRef, Id } from './api-principal.ts';
import { Pattern } from './pattern.ts';

export const Owner = z.object({
  pattern: Pattern,
  group: GroupRef,
  isSensitive: z.boolean(),
  /** Topics there are today that this row decides. */
  topics: z.number(),
});
export type Owner = z.infer<typeof Owner>;
export const Owners = z.object({ owners: z.array(Owner) });
export const PutOwnerBody = z.strictObject({ pattern: Pattern, group: Id, isSensitive: z.boolean().default(false) });
export type PutOwnerBody = z.input<typeof PutOwnerBody>;
export const OwnerQuery = z.object({ pattern: Pattern });
