// Who acts or is granted, as lists and forms name them: a person, a group, a service token or a screen.
import { z } from 'zod';

export const PRINCIPAL_KINDS = ['person', 'token', 'screen'] as const;
export type PrincipalKind = (typeof PRINCIPAL_KINDS)[number];

/** Who a grant can be given to. */
export const GRANTEE_KINDS = ['person', 'group', 'token'] as const;
export type GranteeKind = (typeof GRANTEE_KINDS)[number];

export const Id = z.uuid('an id is a UUID as the lists give it');

export const PrincipalRef = z.object({ kind: z.enum(PRINCIPAL_KINDS), id: z.string(), name: z.string() });
export type PrincipalRef = z.infer<typeof PrincipalRef>;

export const GranteeRef = z.object({ kind: z.enum(GRANTEE_KINDS), id: Id, name: z.string() });
export type GranteeRef = z.infer<typeof GranteeRef>;

export const GroupRef = z.object({ id: Id, name: z.string() });
export type GroupRef = z.infer<typeof GroupRef>;

export const IdParams = z.object({ id: Id });
/** Done, and nothing more to say. */
export const Done = z.object({ isDone: z.literal(true) });
