// People and their local passwords. Names are compared in lower case; hashes come in and go out, passwords never do.
import type { CreateUserBody, UpdateUserBody, User } from '@tidewatch/schemas/api-users';
import { eq } from 'drizzle-orm';
import type { Actor, Database, Transaction } from './database.ts';
import { epochMs } from './epoch-ms.ts';
import { memberships, passwords, users } from './schema.ts';

export interface PasswordRecord {
  readonly userId: string;
  readonly name: string;
  /** null: this person signs in elsewhere. */
  readonly hash: string | null;
  readonly isDisabled: boolean;
  readonly mustChange: boolean;
}

const USERS = `select u.id, u.name, u.display_name as "displayName", u.email, u.role, u.is_disabled as "isDisabled",
  coalesce(p.must_change, false) as "mustChangePassword",
  coalesce((select json_agg(json_build_object('id', g.id, 'name', g.name) order by g.name)
    from memberships m join groups g on g.id = m.group_id where m.user_id = u.id), '[]') as groups,
  (select count(*)::int from grants where user_id = u.id and (until is null or until > now())) as grants,
  (select count(*)::int from sessions s
    where s.principal_id = u.id and s.state = 'open' and s.seen > now() - interval '6 s') as sessions,
  ${epochMs('u.created_at')} as "createdAt", ${epochMs('u.last_sign_in')} as "lastSignIn",
  (select ${epochMs('f.locked_until')} from sign_in_failures f
    where f.name = u.name and f.locked_until > now()) as "lockedUntil"
  from users u left join passwords p on p.user_id = u.id`;

export type People = ReturnType<typeof createPeople>;

export function createPeople({ db, pool, write }: Database) {
  const byId = async (id: string): Promise<User | undefined> =>
    (await pool.query<User>(`${USERS} where u.id = $1`, [id])).rows[0];

  async function join(tx: Transaction, userId: string, groupIds: readonly string[]): Promise<void> {
    if (groupIds.length > 0)
      await tx.insert(memberships).values([...new Set(groupIds)].map((groupId) => ({ userId, groupId })));
  }

  return {
    byId,
    list: async (): Promise<User[]> => (await pool.query<User>(`${USERS} order by u.name`)).rows,

    async create(
      actor: Actor,
      person: CreateUserBody & { identity?: string },
      password: { hash: string; mustChange: boolean } | null,
    ): Promise<string> {
      const { name, displayName = '', email = null, role = 'viewer', groups = [], identity = null } = person;
      return write(actor, async (tx) => {
        const [row] = await tx
          .insert(users)
          .values({ name, displayName, email, role, identity })
          .returning({ id: users.id });
        if (!row) throw new Error('The new person has no id.');
        if (password) await tx.insert(passwords).values({ userId: row.id, ...password });
        await join(tx, row.id, groups);
        return row.id;
      });
    },

    /** False: there is no such person. */
    async update(actor: Actor, id: string, { groups, ...fields }: UpdateUserBody): Promise<boolean> {
      const set = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
      return write(actor, async (tx) => {
        const [row] = await tx.select({ id: users.id }).from(users).where(eq(users.id, id)).for('update');
        if (!row) return false;
        if (Object.keys(set).length > 0) await tx.update(users).set(set).where(eq(users.id, id));
        if (groups) {
          await tx.delete(memberships).where(eq(memberships.userId, id));
          await join(tx, id, groups);
        }
        return true;
      });
    },

    remove: (actor: Actor, id: string): Promise<boolean> =>
      write(actor, async (tx) => {
        const gone = await tx.delete(users).where(eq(users.id, id)).returning({ id: users.id });
        return gone.length > 0;
      }),

    /** By user name or e-mail, as typed. */
    async passwordOf(nameOrEmail: string): Promise<PasswordRecord | undefined> {
      const { rows } = await pool.query<PasswordRecord>(
        `select u.id as "userId", u.name, p.hash, u.is_disabled as "isDisabled",
          coalesce(p.must_change, false) as "mustChange"
        from users u left join passwords p on p.user_id = u.id
        where u.name = lower($1) or lower(u.email) = lower($1) order by (u.name = lower($1)) desc limit 1`,
        [nameOrEmail],
      );
      return rows[0];
    },

    setPassword: (actor: Actor, userId: string, hash: string, mustChange: boolean): Promise<void> =>
      write(actor, async (tx) => {
        const set = { hash, mustChange, changedAt: new Date() };
        await tx
          .insert(passwords)
          .values({ userId, ...set })
          .onConflictDoUpdate({ target: passwords.userId, set });
      }),

    async hasPassword(userId: string): Promise<boolean> {
      const rows = await db.select({ id: passwords.userId }).from(passwords).where(eq(passwords.userId, userId));
      return rows.length > 0;
    },
  };
}
