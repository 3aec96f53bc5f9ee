// Which group owns which topics, one row a pattern.
import type { PutOwnerBody } from '@tidewatch/schemas/api-owners';
import { eq } from 'drizzle-orm';
import type { Actor, Database } from './database.ts';
import { topicOwners } from './schema.ts';

export interface OwnerRecord {
  readonly pattern: string;
  readonly group: { readonly id: string; readonly name: string };
  readonly isSensitive: boolean;
}

export type TopicOwners = ReturnType<typeof createTopicOwners>;

export function createTopicOwners({ pool, write }: Database) {
  return {
    async list(): Promise<OwnerRecord[]> {
      const { rows } = await pool.query<OwnerRecord>(
        `select o.pattern, json_build_object('id', g.id, 'name', g.name) as "group", o.is_sensitive as "isSensitive"
        from topic_owners o join groups g on g.id = o.group_id order by o.pattern`,
      );
      return rows;
    },

    put: (actor: Actor, { pattern, group, isSensitive = false }: PutOwnerBody): Promise<void> =>
      write(actor, async (tx) => {
        const set = { groupId: group, isSensitive };
        await tx
          .insert(topicOwners)
          .values({ pattern, ...set })
          .onConflictDoUpdate({ target: topicOwners.pattern, set });
      }),

    remove: (actor: Actor, pattern: string): Promise<boolean> =>
      write(actor, async (tx) => {
        const gone = await tx
          .delete(topicOwners)
          .where(eq(topicOwners.pattern, pattern))
          .returning({ pattern: topicOwners.pattern });
        return gone.length > 0;
      }),
  };
}
