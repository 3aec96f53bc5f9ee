// Who a session or a request acts for, as the policy compiles it: every rule is here, with where it comes from.
// Immutable: a changed policy makes a new one.
import type { AccessRule } from '@tidewatch/schemas/api-access';
import type { GroupRef, PrincipalKind } from '@tidewatch/schemas/api-principal';
import type { Role } from '@tidewatch/schemas/role';

export type Rule = AccessRule;

/** `must_change_password` may change it and sign out, nothing else. Tokens are `active` or `disabled`. */
export type PrincipalState = 'active' | 'disabled' | 'must_change_password';

export interface Principal {
  readonly kind: PrincipalKind;
  readonly id: string;
  readonly name: string;
  readonly displayName: string;
  readonly email: string | null;
  readonly role: Role;
  readonly state: PrincipalState;
  readonly groups: readonly GroupRef[];
  readonly rules: readonly Rule[];
  /** The person who made this token for their own use: it never reaches further than they do. */
  readonly onBehalfOf: Principal | null;
  /** Epoch ms when a token ends; null: no end. */
  readonly expires: number | null;
}

/** The login or token that proves the principal, on which a lease is held. */
export interface Credential {
  readonly kind: 'login' | 'token';
  readonly id: string;
}
