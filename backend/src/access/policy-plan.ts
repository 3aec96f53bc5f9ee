// From a policy file to what would be done: the steps, and the policy as it would be after them. Pure. What the file
// does not name goes; people and tokens, and grants to tokens, are not its matter and stay.
import type { PolicyChangeRow, PolicyFile } from '@tidewatch/schemas/api-policy';
import type { PolicyRows } from './policy.ts';

type GrantRow = PolicyRows['grants'][number];

export interface PolicyPlan {
  readonly changes: readonly PolicyChangeRow[];
  readonly after: PolicyRows;
  readonly steps: {
    readonly addGroups: readonly { readonly name: string; readonly description: string }[];
    readonly describeGroups: readonly { readonly id: string; readonly description: string }[];
    readonly removeGroups: readonly string[];
    /** Groups by name, because some do not exist yet. */
    readonly addMembers: readonly { readonly group: string; readonly userId: string }[];
    readonly removeMembers: readonly { readonly groupId: string; readonly userId: string }[];
    readonly putOwners: readonly { readonly pattern: string; readonly group: string; readonly isSensitive: boolean }[];
    readonly removeOwners: readonly string[];
    readonly addGrants: readonly (Omit<GrantRow, 'id' | 'groupId' | 'tokenId' | 'by'> & {
      readonly group: string | null;
    })[];
    readonly removeGrants: readonly string[];
  };
}

export interface PlanFault {
  readonly field: string;
  readonly message: string;
}

/** Where a name of the file means nobody, or two rows contradict: the first fault. */
export function planPolicy(
  rows: PolicyRows,
  descriptions: ReadonlyMap<string, string>,
  file: PolicyFile,
  now: number,
): PolicyPlan | PlanFault {
  const fault = firstFault(rows, file);
  if (fault) return fault;
  const changes: PolicyChangeRow[] = [];
  const say = (kind: PolicyChangeRow['kind'], what: PolicyChangeRow['what'], text: string) =>
    changes.push({ kind, what, text });
  const userIds = new Map(rows.users.map((user) => [user.name, user.id]));
  const userNames = new Map(rows.users.map((user) => [user.id, user.name]));
  const groupNames = new Map(rows.groups.map((group) => [group.id, group.name]));
  const kept = new Map(rows.groups.map((group) => [group.name, group.id]));
  const idOfGroup = (name: string): string => kept.get(name) ?? `new ${name}`;

  const wantedGroups = new Map(file.groups.map((group) => [group.name, group]));
  const addGroups = file.groups
    .filter((group) => !kept.has(group.name))
    .map(({ name, description = '' }) => ({ name, description }));
  for (const { name } of addGroups) say('add', 'group', name);
  const removed = rows.groups.filter((group) => !wantedGroups.has(group.name));
  for (const { name } of removed) say('remove', 'group', name);
  const describeGroups = [];
  for (const { name, description } of file.groups) {
    const id = kept.get(name);
    if (id === undefined || description === undefined || description === (descriptions.get(id) ?? '')) continue;
    describeGroups.push({ id, description });
    say('change', 'group', `${name}: ${description}`);
  }

  const memberKey = (group: string, user: string) => `${group} ${user}`;
  const wantedMembers = new Map(
    file.groups.flatMap((group) =>
      [...new Set(group.members ?? [])].map(
        (user) => [memberKey(group.name, user), { group: group.name, user }] as const,
      ),
    ),
  );
  const members = rows.memberships.map((row) => ({
    ...{ ...row, group: groupNames.get(row.groupId) ?? '', user: userNames.get(row.userId) ?? '' },
  }));
  const hadMembers = new Set(members.map((row) => memberKey(row.group, row.user)));
  const addMembers = [];
  for (const [key, { group, user }] of wantedMembers) {
    if (hadMembers.has(key)) continue;
    addMembers.push({ group, userId: userIds.get(user) ?? '' });
    say('add', 'member', `${user} in ${group}`);
  }
  const removeMembers = members.filter((row) => !wantedMembers.has(memberKey(row.group, row.user)));
  for (const { group, user } of removeMembers) say('remove', 'member', `${user} in ${group}`);

  const owners = new Map(rows.owners.map((row) => [row.pattern as string, row]));
  const wantedOwners = file.owners.map(({ pattern, group, sensitive = false }) => ({
    pattern,
    group,
    isSensitive: sensitive,
  }));
  const putOwners = wantedOwners.filter(({ pattern, group, isSensitive }) => {
    const row = owners.get(pattern);
    return row?.groupId !== idOfGroup(group) || row.isSensitive !== isSensitive;
  });
  for (const { pattern, group, isSensitive } of putOwners)
    say(owners.has(pattern) ? 'change' : 'add', 'owner', `${group} owns ${pattern}${isSensitive ? ', sensitive' : ''}`);
  const wantedPatterns = new Set<string>(wantedOwners.map((row) => row.pattern));
  const removeOwners = [...owners.keys()].filter((pattern) => !wantedPatterns.has(pattern));
  for (const pattern of removeOwners) say('remove', 'owner', `of ${pattern}`);

  const wantedGrants = file.grants.map((grant) => ({
    userId: grant.person === undefined ? null : (userIds.get(grant.person) ?? null),
    group: grant.group ?? null,
    ...{ pattern: grant.pattern, rights: grant.rights, labels: grant.labels ?? null, reason: grant.reason ?? '' },
    until: grant.until === undefined ? null : Date.parse(grant.until),
  }));
  const unmatched = new Map<string, GrantRow[]>();
  // Ended ones are history: the file neither brings them back nor takes them away.
  const running = rows.grants.filter((row) => row.tokenId === null && (row.until === null || row.until > now));
  for (const row of running) {
    const key = grantKey({ ...row, group: row.groupId === null ? null : (groupNames.get(row.groupId) ?? '') });
    unmatched.set(key, [...(unmatched.get(key) ?? []), row]);
  }
  const addGrants = wantedGrants.filter((grant) => unmatched.get(grantKey(grant))?.pop() === undefined);
  const removeGrants = [...unmatched.values()].flat();
  const whoOf = (row: { userId: string | null; group?: string | null; groupId?: string | null }): string =>
    row.userId === null ? (row.group ?? groupNames.get(row.groupId ?? '') ?? '') : (userNames.get(row.userId) ?? '');
  for (const grant of addGrants) say('add', 'grant', grantText(whoOf(grant), grant));
  for (const row of removeGrants) say('remove', 'grant', grantText(whoOf(row), row));

  const goneGroups = new Set(removed.map((group) => group.id));
  const goneGrants = new Set(removeGrants.map((row) => row.id));
  const after: PolicyRows = {
    ...rows,
    groups: file.groups.map(({ name }) => ({ id: idOfGroup(name), name })),
    memberships: [...wantedMembers.values()].map(({ group, user }) => ({
      ...{ userId: userIds.get(user) ?? '', groupId: idOfGroup(group) },
    })),
    owners: wantedOwners.map(({ pattern, group, isSensitive }) => ({
      pattern,
      groupId: idOfGroup(group),
      isSensitive,
    })),
    grants: [
      ...rows.grants.filter((row) => !goneGrants.has(row.id) && !goneGroups.has(row.groupId ?? '')),
      ...addGrants.map(({ group, ...grant }, at) => ({
        ...{ ...grant, id: `new ${at}`, groupId: group === null ? null : idOfGroup(group), tokenId: null, by: '' },
      })),
    ],
  };
  return {
    changes,
    after,
    steps: {
      ...{ addGroups, describeGroups, addMembers, removeMembers, putOwners, removeOwners, addGrants },
      removeGroups: removed.map((group) => group.id),
      // Those of a group that goes, go with it.
      removeGrants: removeGrants.filter((row) => !goneGroups.has(row.groupId ?? '')).map((row) => row.id),
    },
  };
}

function firstFault(rows: PolicyRows, file: PolicyFile): PlanFault | undefined {
  const people = new Set(rows.users.map((user) => user.name));
  const groups = new Set<string>();
  for (const [at, { name, members = [] }] of file.groups.entries()) {
    if (groups.has(name)) return { field: `groups.${at}.name`, message: `${name} stands twice` };
    groups.add(name);
    const stranger = members.find((member) => !people.has(member));
    if (stranger !== undefined) return { field: `groups.${at}.members`, message: `there is nobody called ${stranger}` };
  }
  const patterns = new Set<string>();
  for (const [at, { pattern, group }] of file.owners.entries()) {
    if (!groups.has(group)) return { field: `owners.${at}.group`, message: `the file has no group ${group}` };
    if (patterns.has(pattern)) return { field: `owners.${at}.pattern`, message: `${pattern} stands twice` };
    patterns.add(pattern);
  }
  for (const [at, { person, group }] of file.grants.entries()) {
    if (group !== undefined && !groups.has(group))
      return { field: `grants.${at}.group`, message: `the file has no group ${group}` };
    if (person !== undefined && !people.has(person))
      return { field: `grants.${at}.person`, message: `there is nobody called ${person}` };
  }
  return undefined;
}

type GrantParts = Pick<GrantRow, 'pattern' | 'rights' | 'labels' | 'until' | 'reason'>;

function grantKey(grant: GrantParts & { userId: string | null; group: string | null }): string {
  const { userId, group, pattern, rights, labels, until, reason } = grant;
  const filter = Object.entries(labels ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([userId, group, pattern, [...new Set(rights)].sort(), filter, until, reason]);
}

function grantText(who: string, { pattern, rights, labels, until }: GrantParts): string {
  const where = Object.entries(labels ?? {}).map(([name, value]) => `${name}=${value}`);
  const parts = [`${who} may ${rights.join(', ')} on ${pattern}`];
  if (where.length > 0) parts.push(`where ${where.join(', ')}`);
  if (until !== null) parts.push(`until ${new Date(until).toISOString()}`);
  return parts.join(' ');
}
