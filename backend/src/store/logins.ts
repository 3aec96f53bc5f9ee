// Logins: the server's side of a cookie. The cookie holds a secret, the row its hash. Ending one tells every gateway.
import type { Login } from '@tidewatch/schemas/api-me';
import { and, eq, lt, ne, or } from 'drizzle-orm';
import type { Credential } from '../access/principal.ts';
import { type Actor, type Database, GATEWAY } from './database.ts';
import { epochMs } from './epoch-ms.ts';
import { logins, users } from './schema.ts';

/** A login lives this long without being used, and this long at most. */
export const LOGIN_IDLE_MS = 7 * 86_400_000;
export const LOGIN_MAX_MS = 30 * 86_400_000;

export interface FoundLogin {
  readonly id: string;
  readonly userId: string;
  readonly ends: number;
}

export type Logins = ReturnType<typeof createLogins>;

export function createLogins({ pool, write }: Database) {
  return {
    async find(secretHash: Buffer): Promise<FoundLogin | undefined> {
      const { rows } = await pool.query<FoundLogin>(
        `select id, user_id as "userId", ${epochMs('ends')} as ends from logins
        where secret_hash = $1 and ends > now() and last_seen > now() - $2 * interval '1 ms'`,
        [secretHash, LOGIN_IDLE_MS],
      );
      return rows[0];
    },

    /** Signing in: `before` is the login of the cookie that came along, which ends here. */
    create: (
      actor: Actor,
      login: { secretHash: Buffer; userId: string; userAgent: string; address: string; before: Buffer | null },
    ): Promise<FoundLogin> =>
      write(actor, async (tx) => {
        if (login.before) await tx.delete(logins).where(eq(logins.secretHash, login.before));
        const now = Date.now();
        const { secretHash, userId, userAgent, address } = login;
        const [row] = await tx
          .insert(logins)
          .values({ secretHash, userId, userAgent, address, ends: new Date(now + LOGIN_MAX_MS) })
          .returning({ id: logins.id, ends: logins.ends });
        if (!row) throw new Error('The new login has no id.');
        await tx
          .update(users)
          .set({ lastSignIn: new Date(now) })
          .where(eq(users.id, userId));
        return { id: row.id, userId, ends: row.ends.getTime() };
      }),

    async of(userId: string, current: string | null): Promise<Login[]> {
      const { rows } = await pool.query<Login>(
        `select id, coalesce(id = $2::uuid, false) as "isCurrent", user_agent as "userAgent", address,
          ${epochMs('created_at')} as "createdAt", ${epochMs('last_seen')} as "lastSeen", ${epochMs('ends')} as ends
        from logins where user_id = $1 and ends > now() order by last_seen desc`,
        [userId, current],
      );
      return rows;
    },

    /** Ends one login of this person; false: they have no such login. */
    end: (actor: Actor, userId: string, id: string): Promise<boolean> =>
      write(actor, async (tx) => {
        const where = and(eq(logins.id, id), eq(logins.userId, userId));
        return (await tx.delete(logins).where(where).returning({ id: logins.id })).length > 0;
      }),

    /** Ends all logins of this person but one; says how many. */
    endAll: (actor: Actor, userId: string, but: string | null): Promise<number> =>
      write(actor, async (tx) => {
        const own = eq(logins.userId, userId);
        const where = but === null ? own : and(own, ne(logins.id, but));
        return (await tx.delete(logins).where(where).returning({ id: logins.id })).length;
      }),

    /** Of these credentials, the ids of those still good; they count as seen. One statement however many there are. */
    async stillGood(credentials: readonly Credential[]): Promise<ReadonlySet<string>> {
      const idsOf = (kind: Credential['kind']): string[] =>
        credentials.filter((credential) => credential.kind === kind).map((credential) => credential.id);
      const { rows } = await pool.query<{ id: string }>(
        `with l as (
          update logins set last_seen = now() from users u
          where logins.id = any($1::uuid[]) and logins.ends > now() and u.id = logins.user_id and not u.is_disabled
          returning logins.id
        ), t as (
          update tokens set last_used = now()
          where id = any($2::uuid[]) and revoked_at is null and (expires is null or expires > now()) returning id
        ) select id from l union all select id from t`,
        [idsOf('login'), idsOf('token')],
      );
      return new Set(rows.map((row) => row.id));
    },

    prune: (): Promise<void> =>
      write(GATEWAY, async (tx) => {
        await tx
          .delete(logins)
          .where(or(lt(logins.ends, new Date()), lt(logins.lastSeen, new Date(Date.now() - LOGIN_IDLE_MS))));
      }),
  };
}
