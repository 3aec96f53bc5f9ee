// Grants as rows: who, what, until when, by whom, why. A change says which revision it saw, so that of two admins who
// change the same grant the second is told.
import type { GranteeKind } from '@tidewatch/schemas/api-principal';
import type { Right } from '@tidewatch/schemas/right';
import type { LabelFilter } from '@tidewatch/schemas/scope';
import { eq, inArray } from 'drizzle-orm';
import type { Actor, Database, Transaction } from './database.ts';
import { epochMs, fromEpochMs } from './epoch-ms.ts';
import { grants } from './schema.ts';

export interface GrantRecord {
  readonly id: string;
  readonly who: { readonly kind: GranteeKind; readonly id: string; readonly name: string };
  readonly pattern: string;
  readonly rights: Right[];
  readonly labels: LabelFilter | null;
  readonly until: number | null;
  readonly reason: string;
  readonly by: string;
  readonly createdAt: number;
  readonly revision: number;
  readonly isEnded: boolean;
}

export interface NewGrant {
  readonly who: { readonly kind: GranteeKind; readonly id: string };
  readonly pattern: string;
  readonly rights: readonly Right[];
  readonly labels: LabelFilter | null;
  readonly until: number | null;
  readonly reason: string;
}

const GRANTS = `select r.id, case
    when r.user_id is not null then json_build_object('kind', 'person', 'id', r.user_id, 'name', u.name)
    when r.group_id is not null then json_build_object('kind', 'group', 'id', r.group_id, 'name', g.name)
    else json_build_object('kind', 'token', 'id', r.token_id, 'name', t.name) end as who,
  r.pattern, r.rights, r.labels, ${epochMs('r.until')} as until, r.reason, r.created_by as by,
  ${epochMs('r.created_at')} as "createdAt", r.revision, coalesce(r.until <= now(), false) as "isEnded"
  from grants r left join users u on u.id = r.user_id left join groups g on g.id = r.group_id
  left join tokens t on t.id = r.token_id`;

const columnOf = { person: 'userId', group: 'groupId', token: 'tokenId' } as const satisfies Record<
  GranteeKind,
  string
>;

export type Grants = ReturnType<typeof createGrants>;

/** Within a transaction of its own or another's, as when a request is approved. */
export async function insertGrants(tx: Transaction, wanted: readonly NewGrant[]): Promise<string[]> {
  const rows = await tx
    .insert(grants)
    .values(
      wanted.map(({ who, pattern, rights, labels, until, reason }) => ({
        [columnOf[who.kind]]: who.id,
        pattern,
        rights: [...rights],
        labels,
        until: fromEpochMs(until),
        reason,
      })),
    )
    .returning({ id: grants.id });
  return rows.map((row) => row.id);
}

export function createGrants({ pool, write }: Database) {
  return {
    /** Ended ones only where asked for. `who`: given to this person, group or token itself. */
    async list(filter: { who?: string | undefined; isEndedToo: boolean }): Promise<GrantRecord[]> {
      const { rows } = await pool.query<GrantRecord>(
        `${GRANTS} where ($1 or r.until is null or r.until > now())
        and ($2::uuid is null or $2 in (r.user_id, r.group_id, r.token_id)) order by r.created_at desc, r.id`,
        [filter.isEndedToo, filter.who ?? null],
      );
      return rows;
    },

    async byIds(ids: readonly string[]): Promise<GrantRecord[]> {
      return (await pool.query<GrantRecord>(`${GRANTS} where r.id = any($1::uuid[]) order by r.id`, [ids])).rows;
    },

    create: (actor: Actor, wanted: readonly NewGrant[]): Promise<string[]> =>
      write(actor, (tx) => insertGrants(tx, wanted)),

    update: (
      actor: Actor,
      id: string,
      revision: number,
      change: {
        pattern?: string;
        rights?: Right[];
        labels?: LabelFilter | null;
        until?: number | null;
        reason?: string;
      },
    ): Promise<'done' | 'missing' | 'changed_meanwhile'> =>
      write(actor, async (tx) => {
        const [row] = await tx
          .select({ revision: grants.revision })
          .from(grants)
          .where(eq(grants.id, id))
          .for('update');
        if (!row) return 'missing';
        if (row.revision !== revision) return 'changed_meanwhile';
        const { until, ...rest } = change;
        const set = { ...rest, ...(until === undefined ? {} : { until: fromEpochMs(until) }) };
        if (Object.keys(set).length > 0) await tx.update(grants).set(set).where(eq(grants.id, id));
        return 'done';
      }),

    remove: (actor: Actor, ids: readonly string[], note = ''): Promise<number> =>
      write(
        actor,
        async (tx) =>
          (
            await tx
              .delete(grants)
              .where(inArray(grants.id, [...ids]))
              .returning({ id: grants.id })
          ).length,
        note,
      ),
  };
}
