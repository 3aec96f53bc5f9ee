// Requests for access and what became of them. Approving makes the grant in the same transaction; of two who decide, the
// second is told.

import { and, eq } from 'drizzle-orm';
import type { Actor, Database } from './database.ts';
import { epochMs, fromEpochMs } from './epoch-ms.ts';
import type { GrantRecord } from './grants.ts';
import { insertGrants, type NewGrant } from './grants.ts';
import { accessRequests } from './schema.ts';

export interface RequestRecord {
  readonly id: string;
  readonly by: { readonly kind: 'person'; readonly id: string; readonly name: string };
  readonly pattern: string;
  readonly rights: GrantRecord['rights'];
  readonly labels: GrantRecord['labels'];
  readonly until: number | null;
  readonly reason: string;
  readonly state: (typeof accessRequests.state.enumValues)[number];
  readonly createdAt: number;
  readonly decidedAt: number | null;
  readonly decidedBy: string | null;
  readonly answer: string;
  readonly grant: string | null;
}

const REQUESTS = `select r.id, json_build_object('kind', 'person', 'id', u.id, 'name', u.name) as by, r.pattern, r.rights,
  r.labels, ${epochMs('r.until')} as until, r.reason, r.state, ${epochMs('r.created_at')} as "createdAt",
  ${epochMs('r.decided_at')} as "decidedAt", r.decided_by_name as "decidedBy", r.answer, r.grant_id as grant
  from access_requests r join users u on u.id = r.user_id`;

/** Open requests of one person. */
export const REQUESTS_OPEN_MAX = 20;
const LISTED_MAX = 500;

export type AccessRequests = ReturnType<typeof createAccessRequests>;

export function createAccessRequests({ pool, write }: Database) {
  return {
    async list(): Promise<RequestRecord[]> {
      const { rows } = await pool.query<RequestRecord>(
        `${REQUESTS} order by (r.state = 'open') desc, r.created_at desc limit ${LISTED_MAX}`,
      );
      return rows;
    },

    async byId(id: string): Promise<RequestRecord | undefined> {
      return (await pool.query<RequestRecord>(`${REQUESTS} where r.id = $1`, [id])).rows[0];
    },

    create: (actor: Actor, userId: string, wanted: Omit<NewGrant, 'who'>): Promise<string | 'too_many'> =>
      write(actor, async (tx) => {
        const isOpen = and(eq(accessRequests.userId, userId), eq(accessRequests.state, 'open'));
        if ((await tx.$count(accessRequests, isOpen)) >= REQUESTS_OPEN_MAX) return 'too_many';
        const { pattern, rights, labels, until, reason } = wanted;
        const [row] = await tx
          .insert(accessRequests)
          .values({ userId, pattern, rights: [...rights], labels, until: fromEpochMs(until), reason })
          .returning({ id: accessRequests.id });
        if (!row) throw new Error('The new request has no id.');
        return row.id;
      }),

    /** With a grant: approved. `decided`: somebody was faster. */
    decide: (
      actor: Actor,
      id: string,
      verdict: { state: 'approved' | 'denied' | 'withdrawn'; answer: string; grant: NewGrant | null },
    ): Promise<'done' | 'decided'> =>
      write(actor, async (tx) => {
        const isOpen = and(eq(accessRequests.id, id), eq(accessRequests.state, 'open'));
        const [row] = await tx.select({ id: accessRequests.id }).from(accessRequests).where(isOpen).for('update');
        if (!row) return 'decided';
        const [grantId = null] = verdict.grant ? await insertGrants(tx, [verdict.grant]) : [];
        await tx
          .update(accessRequests)
          .set({
            ...{ state: verdict.state, answer: verdict.answer, grantId },
            ...{ decidedAt: new Date(), decidedBy: actor.id, decidedByName: actor.name },
          })
          .where(eq(accessRequests.id, id));
        return 'done';
      }),
  };
}
