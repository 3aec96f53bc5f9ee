// Service and screen tokens. The row keeps a hash of the secret and its first characters. Revoked ones stay readable.
import type { Token } from '@tidewatch/schemas/api-tokens';
import type { Right } from '@tidewatch/schemas/right';
import { and, eq, isNull } from 'drizzle-orm';
import type { Actor, Database } from './database.ts';
import { epochMs, fromEpochMs } from './epoch-ms.ts';
import { tokens } from './schema.ts';

export interface FoundToken {
  readonly id: string;
  readonly expires: number | null;
}

export interface NewToken {
  readonly name: string;
  readonly kind: 'service' | 'screen';
  readonly secretHash: Buffer;
  readonly prefix: string;
  readonly rights: Right[];
  readonly patterns: string[];
  readonly onBehalfOf: string | null;
  readonly expires: number | null;
}

export type TokenRecord = Token & { readonly onBehalfOf: string | null };

const TOKENS = `select id, name, kind, prefix, rights, patterns, created_by as by, ${epochMs('created_at')} as "createdAt",
  ${epochMs('expires')} as expires, ${epochMs('last_used')} as "lastUsed", replaces, on_behalf_of as "onBehalfOf",
  case when revoked_at is not null then 'revoked' when expires <= now() then 'expired' else 'active' end as state
  from tokens`;

export type TokenStore = ReturnType<typeof createTokens>;

export function createTokens({ pool, write }: Database) {
  return {
    async find(secretHash: Buffer): Promise<FoundToken | undefined> {
      const { rows } = await pool.query<FoundToken>(
        `update tokens set last_used = now()
        where secret_hash = $1 and revoked_at is null and (expires is null or expires > now())
        returning id, ${epochMs('expires')} as expires`,
        [secretHash],
      );
      return rows[0];
    },

    /** All, or those of one person. */
    async list(onBehalfOf: string | null): Promise<TokenRecord[]> {
      const { rows } = await pool.query<TokenRecord>(
        `${TOKENS} where $1::uuid is null or on_behalf_of = $1 order by created_at desc`,
        [onBehalfOf],
      );
      return rows;
    },

    async byId(id: string): Promise<TokenRecord | undefined> {
      return (await pool.query<TokenRecord>(`${TOKENS} where id = $1`, [id])).rows[0];
    },

    create: (actor: Actor, token: NewToken): Promise<string> =>
      write(actor, async (tx) => {
        const [row] = await tx
          .insert(tokens)
          .values({ ...token, expires: fromEpochMs(token.expires) })
          .returning({ id: tokens.id });
        if (!row) throw new Error('The new token has no id.');
        return row.id;
      }),

    /** A new secret beside the old one, which goes on until `oldEnds`. */
    rotate: (
      actor: Actor,
      old: TokenRecord,
      fresh: { secretHash: Buffer; prefix: string; expires: number | null },
      oldEnds: number,
    ): Promise<string> =>
      write(actor, async (tx) => {
        const { name, kind, rights, patterns, onBehalfOf } = old;
        const { secretHash, prefix } = fresh;
        const expires = fromEpochMs(fresh.expires);
        const values = { name, kind, rights, patterns, onBehalfOf, secretHash, prefix, expires, replaces: old.id };
        const [row] = await tx.insert(tokens).values(values).returning({ id: tokens.id });
        if (!row) throw new Error('The new token has no id.');
        const ends = old.expires === null ? oldEnds : Math.min(old.expires, oldEnds);
        await tx
          .update(tokens)
          .set({ expires: new Date(ends) })
          .where(eq(tokens.id, old.id));
        return row.id;
      }),

    revoke: (actor: Actor, id: string): Promise<boolean> =>
      write(actor, async (tx) => {
        const where = and(eq(tokens.id, id), isNull(tokens.revokedAt));
        const gone = await tx.update(tokens).set({ revokedAt: new Date() }).where(where).returning({ id: tokens.id });
        return gone.length > 0;
      }),
  };
}
