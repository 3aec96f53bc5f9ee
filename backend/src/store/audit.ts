// Reading the audit log, and what no trigger can see: failed sign-ins, refusals and kicks. Refusals of one kind by one
// actor are folded to a row a minute.
import type { AuditQuery, AuditRow } from '@tidewatch/schemas/api-audit';
import type { Actor, Database } from './database.ts';
import { epochMs } from './epoch-ms.ts';
import { audit } from './schema.ts';

export interface AuditNote {
  readonly action: string;
  readonly object: string;
  readonly objectId?: string | null;
  readonly note?: string;
  readonly count?: number;
}

/** Different refusals that wait for the end of their minute. Beyond it, they are counted together. */
export const REFUSALS_MAX = 5_000;
export const FOLD_MS = 60_000;

export type Audit = ReturnType<typeof createAudit>;

export function createAudit({ db, pool }: Database) {
  const folded = new Map<string, { actor: Actor; note: AuditNote; count: number }>();

  const rowOf = (actor: Actor, { action, object, objectId = null, note = '', count = 1 }: AuditNote) => ({
    ...{ actorKind: actor.kind, actorId: actor.id, actor: actor.name, address: actor.address },
    ...{ action, object, objectId, note, count },
  });

  return {
    async note(actor: Actor, note: AuditNote): Promise<void> {
      await db.insert(audit).values(rowOf(actor, note));
    },

    /** Counted now, written within a minute. */
    refused(actor: Actor, object: string, objectId: string, note = ''): void {
      const isFull = folded.size >= REFUSALS_MAX;
      const what = isFull ? { object: 'many', objectId: null } : { object, objectId };
      const key = JSON.stringify([actor.kind, actor.id, actor.address, what, note]);
      const known = folded.get(key);
      if (known) known.count += 1;
      else folded.set(key, { actor, note: { action: 'refused', ...what, note }, count: 1 });
    },

    /** Writes what was folded. When the database is away they wait for the next time. */
    async flush(): Promise<void> {
      if (folded.size === 0) return;
      const rows = [...folded.entries()];
      await db.insert(audit).values(rows.map(([, { actor, note, count }]) => rowOf(actor, { ...note, count })));
      for (const [key, { count }] of rows) {
        const entry = folded.get(key);
        if (!entry) continue;
        entry.count -= count;
        if (entry.count <= 0) folded.delete(key);
      }
    },

    /** Newest first; `before` is the id to go on from. */
    async list(query: AuditQuery): Promise<AuditRow[]> {
      const { rows } = await pool.query<AuditRow>(
        `select id::float8 as id, ${epochMs('at')} as at, actor_kind as "actorKind", actor_id as "actorId", actor, address,
          action, object, object_id as "objectId", before, after, count, note from audit
        where ($1::text is null or actor_id = $1 or actor = $1) and ($2::text is null or object = $2)
          and ($3::text is null or object_id = $3) and ($4::text is null or action = $4)
          and ($5::float8 is null or at >= to_timestamp($5 / 1000)) and ($6::float8 is null or at < to_timestamp($6 / 1000))
          and ($7::bigint is null or id < $7)
        order by id desc limit $8`,
        [query.actor, query.object, query.objectId, query.action, query.from, query.to, query.before, query.limit].map(
          (value) => value ?? null,
        ),
      );
      return rows;
    },
  };
}
