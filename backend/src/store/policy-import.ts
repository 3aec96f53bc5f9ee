// Applies the steps of a policy file in one transaction, and only on the version that they were planned for.

import { and, eq, inArray, sql } from 'drizzle-orm';
import type { PolicyRows } from '../access/policy.ts';
import type { PolicyPlan } from '../access/policy-plan.ts';
import type { Actor, Database } from './database.ts';
import { fromEpochMs } from './epoch-ms.ts';
import { readPolicy } from './policy-query.ts';
import { grants, groups, memberships, topicOwners } from './schema.ts';

export type PolicyImport = ReturnType<typeof createPolicyImport>;

export function createPolicyImport({ pool, write }: Database) {
  return {
    async read(): Promise<PolicyRows> {
      const client = await pool.connect();
      try {
        return await readPolicy(client);
      } finally {
        client.release();
      }
    },

    apply: (actor: Actor, version: number, steps: PolicyPlan['steps']): Promise<'done' | 'changed_meanwhile'> =>
      write(
        actor,
        async (tx) => {
          // The lock of this row is what every other change of the policy waits for.
          const { rows } = await tx.execute<{ value: string }>(
            sql`select value from versions where name = 'policy' for update`,
          );
          if (Number(rows[0]?.value) !== version) return 'changed_meanwhile';
          const ids = new Map(
            (await tx.select({ id: groups.id, name: groups.name }).from(groups)).map((row) => [row.name, row.id]),
          );
          if (steps.addGroups.length > 0) {
            const added = await tx
              .insert(groups)
              .values([...steps.addGroups])
              .returning({ id: groups.id, name: groups.name });
            for (const row of added) ids.set(row.name, row.id);
          }
          const idOf = (name: string): string => {
            const id = ids.get(name);
            if (id === undefined) throw new Error(`The group ${name} went away while the policy was applied.`);
            return id;
          };
          for (const { id, description } of steps.describeGroups)
            await tx.update(groups).set({ description }).where(eq(groups.id, id));
          for (const { groupId, userId } of steps.removeMembers)
            await tx.delete(memberships).where(and(eq(memberships.groupId, groupId), eq(memberships.userId, userId)));
          if (steps.addMembers.length > 0)
            await tx
              .insert(memberships)
              .values(steps.addMembers.map(({ group, userId }) => ({ userId, groupId: idOf(group) })));
          if (steps.removeOwners.length > 0)
            await tx.delete(topicOwners).where(inArray(topicOwners.pattern, [...steps.removeOwners]));
          for (const { pattern, group, isSensitive } of steps.putOwners) {
            const set = { groupId: idOf(group), isSensitive };
            await tx
              .insert(topicOwners)
              .values({ pattern, ...set })
              .onConflictDoUpdate({ target: topicOwners.pattern, set });
          }
          if (steps.removeGrants.length > 0) await tx.delete(grants).where(inArray(grants.id, [...steps.removeGrants]));
          if (steps.addGrants.length > 0)
            await tx.insert(grants).values(
              steps.addGrants.map(({ group, rights, until, ...grant }) => ({
                ...{ ...grant, rights: [...rights], until: fromEpochMs(until) },
                groupId: group === null ? null : idOf(group),
              })),
            );
          if (steps.removeGroups.length > 0) await tx.delete(groups).where(inArray(groups.id, [...steps.removeGroups]));
          return 'done';
        },
        'policy file',
      ),
  };
}
