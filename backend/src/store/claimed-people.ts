// People who sign in through a provider: known by issuer and subject, never by name or e-mail, so that nobody becomes
// somebody else by choosing their name elsewhere. Groups that the provider says are joined where a group of that name
// exists; memberships that an admin gave stay.
import { and, eq, inArray, notInArray } from 'drizzle-orm';
import type { Database, Transaction } from './database.ts';
import { groups, memberships, users } from './schema.ts';

export interface Claims {
  /** Issuer and subject. */
  readonly identity: string;
  readonly name: string;
  readonly displayName: string;
  readonly email: string | null;
  readonly groups: readonly string[];
}

/** Names that are tried when somebody local has the one that was wanted: name, name-2, ... */
const NAME_TRIES = 50;

export type ClaimedPeople = ReturnType<typeof createClaimedPeople>;

export function createClaimedPeople({ write }: Database) {
  return {
    /** Makes the person or brings them up to date; `disabled` people stay out. */
    signedIn: (claims: Claims, address: string): Promise<{ id: string; name: string } | 'disabled'> =>
      write({ kind: 'provider', id: claims.identity, name: claims.name, address }, async (tx) => {
        const [known] = await tx.select().from(users).where(eq(users.identity, claims.identity)).for('update');
        if (known?.isDisabled) return 'disabled';
        const person = known ?? (await create(tx, claims));
        if (known && known.displayName !== claims.displayName)
          await tx.update(users).set({ displayName: claims.displayName }).where(eq(users.id, known.id));
        await join(tx, person.id, claims.groups);
        return { id: person.id, name: person.name };
      }),
  };

  async function create(tx: Transaction, claims: Claims): Promise<{ id: string; name: string }> {
    for (let n = 1; n <= NAME_TRIES; n++) {
      const name = n === 1 ? claims.name : `${claims.name}-${n}`;
      // An e-mail address that a local person has is theirs: the new one goes without.
      const [taken] =
        claims.email === null ? [] : await tx.select({ id: users.id }).from(users).where(eq(users.email, claims.email));
      const { displayName, identity } = claims;
      const [row] = await tx
        .insert(users)
        .values({ name, displayName, identity, email: taken ? null : claims.email })
        .onConflictDoNothing()
        .returning({ id: users.id, name: users.name });
      if (row) return row;
    }
    throw new Error(`${NAME_TRIES} people have the name ${claims.name} already.`);
  }

  async function join(tx: Transaction, userId: string, names: readonly string[]): Promise<void> {
    const said =
      names.length === 0
        ? []
        : await tx
            .select({ id: groups.id })
            .from(groups)
            .where(inArray(groups.name, [...names]));
    const ids = said.map((group) => group.id);
    const claimed = and(eq(memberships.userId, userId), eq(memberships.source, 'claims'));
    await tx.delete(memberships).where(ids.length === 0 ? claimed : and(claimed, notInArray(memberships.groupId, ids)));
    if (ids.length === 0) return;
    const rows = ids.map((groupId) => ({ userId, groupId, source: 'claims' as const }));
    await tx.insert(memberships).values(rows).onConflictDoNothing();
  }
}
