// The policy as rows of the database, and compiled: principals with their rules, and the owners of topics. Pure.
// Rows come whole and of one version, so that no principal is half old and half new.
import type { GroupRef } from '@tidewatch/schemas/api-principal';
import type { Right } from '@tidewatch/schemas/right';
import type { Role } from '@tidewatch/schemas/role';
import type { LabelFilter } from '@tidewatch/schemas/scope';
import { createOwners, type Owners } from './owners.ts';
import type { Principal, Rule } from './principal.ts';

export interface PolicyRows {
  readonly version: number;
  readonly users: readonly {
    id: string;
    name: string;
    displayName: string;
    email: string | null;
    role: Role;
    isDisabled: boolean;
    mustChangePassword: boolean;
  }[];
  readonly groups: readonly { id: string; name: string }[];
  readonly memberships: readonly { userId: string; groupId: string }[];
  readonly grants: readonly {
    id: string;
    userId: string | null;
    groupId: string | null;
    tokenId: string | null;
    pattern: string;
    rights: readonly Right[];
    labels: LabelFilter | null;
    until: number | null;
    reason: string;
    by: string;
  }[];
  readonly owners: readonly { pattern: string; groupId: string; isSensitive: boolean }[];
  readonly tokens: readonly {
    id: string;
    name: string;
    kind: 'service' | 'screen';
    /** Set where a person made it for their own use. */
    onBehalfOf: string | null;
    rights: readonly Right[];
    patterns: readonly string[];
    expires: number | null;
    isRevoked: boolean;
    by: string;
  }[];
}

export interface Policy {
  readonly version: number;
  readonly principals: ReadonlyMap<string, Principal>;
  readonly groups: ReadonlyMap<
    string,
    GroupRef & { readonly members: readonly string[]; readonly rules: readonly Rule[] }
  >;
  readonly owners: Owners;
}

/** What the role brings by itself. An admin could grant it to themselves; hiding it would only hide the truth. */
const ADMIN_RULE: Rule = {
  grant: null,
  pattern: '**',
  rights: ['subscribe', 'history', 'publish', 'manage'],
  labels: null,
  until: null,
  via: { kind: 'role', role: 'admin' },
  by: '',
  reason: '',
};

export const EMPTY_POLICY: Policy = { version: -1, principals: new Map(), groups: new Map(), owners: createOwners([]) };

export function compilePolicy(rows: PolicyRows): Policy {
  const names = new Map(rows.groups.map((group) => [group.id, group]));
  const groups = new Map(
    rows.groups.map((group) => [group.id, { ...group, members: [] as string[], rules: [] as Rule[] }]),
  );
  const direct = new Map<string, Rule[]>();
  for (const grant of rows.grants) {
    const { id, pattern, rights, labels, until, reason, by } = grant;
    const rule = { grant: id, pattern, rights: [...rights], labels, until, reason, by };
    const group = grant.groupId === null ? undefined : names.get(grant.groupId);
    if (group) {
      groups.get(group.id)?.rules.push({ ...rule, via: { kind: 'group', group: { id: group.id, name: group.name } } });
    } else {
      push(direct, grant.userId ?? grant.tokenId ?? '', { ...rule, via: { kind: 'direct' } });
    }
  }
  const groupsOf = new Map<string, GroupRef[]>();
  for (const { userId, groupId } of rows.memberships) {
    const group = names.get(groupId);
    if (!group) continue;
    push(groupsOf, userId, { id: group.id, name: group.name });
    groups.get(groupId)?.members.push(userId);
  }

  const principals = new Map<string, Principal>();
  for (const user of rows.users) {
    const own = (groupsOf.get(user.id) ?? []).sort((a, b) => (a.name < b.name ? -1 : 1));
    principals.set(user.id, {
      kind: 'person',
      id: user.id,
      name: user.name,
      displayName: user.displayName,
      email: user.email,
      role: user.role,
      state: user.isDisabled ? 'disabled' : user.mustChangePassword ? 'must_change_password' : 'active',
      groups: own,
      rules: [
        ...(direct.get(user.id) ?? []),
        ...own.flatMap((group) => groups.get(group.id)?.rules ?? []),
        ...(user.role === 'admin' ? [ADMIN_RULE] : []),
      ],
      onBehalfOf: null,
      expires: null,
    });
  }
  for (const token of rows.tokens) {
    const scope = token.patterns.map(
      (pattern): Rule => ({
        grant: null,
        pattern,
        rights: [...token.rights],
        labels: null,
        until: token.expires,
        via: { kind: 'token' },
        by: token.by,
        reason: '',
      }),
    );
    const maker = token.onBehalfOf === null ? null : principals.get(token.onBehalfOf);
    principals.set(token.id, {
      kind: token.kind === 'screen' ? 'screen' : 'token',
      id: token.id,
      name: token.name,
      displayName: token.name,
      email: null,
      role: 'viewer',
      // A token whose maker is gone has nobody to act for.
      state: token.isRevoked || maker === undefined ? 'disabled' : 'active',
      groups: [],
      rules: [...scope, ...(direct.get(token.id) ?? [])],
      onBehalfOf: maker ?? null,
      expires: token.expires,
    });
  }
  const owners = createOwners(rows.owners.map((row) => ({ ...row, group: names.get(row.groupId)?.name ?? '' })));
  return { version: rows.version, principals, groups, owners };
}

/** Ids of principals whose rules or state differ between two policies: those alone need to be asked again. */
export function changedPrincipals(before: Policy, after: Policy): Set<string> {
  const changed = new Set<string>();
  for (const [id, principal] of after.principals) {
    if (keyOf(before.principals.get(id)) !== keyOf(principal)) changed.add(id);
  }
  for (const id of before.principals.keys()) if (!after.principals.has(id)) changed.add(id);
  return changed;
}

const keys = new WeakMap<Principal, string>();

function keyOf(principal: Principal | undefined): string {
  if (!principal) return '';
  let key = keys.get(principal);
  if (key === undefined) {
    key = JSON.stringify(principal);
    keys.set(principal, key);
  }
  return key;
}

function push<T>(map: Map<string, T[]>, key: string, item: T): void {
  const list = map.get(key);
  if (list) list.push(item);
  else map.set(key, [item]);
}
