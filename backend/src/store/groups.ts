// Groups and who is in them. A group that owns topics is not deleted before they have another owner.
import type { CreateGroupBody, Group, GroupDetail, UpdateGroupBody } from '@tidewatch/schemas/api-groups';
import { and, eq } from 'drizzle-orm';
import type { Actor, Database } from './database.ts';
import { epochMs } from './epoch-ms.ts';
import { groups, memberships } from './schema.ts';

const GROUPS = `select g.id, g.name, g.description, ${epochMs('g.created_at')} as "createdAt",
  (select count(*)::int from memberships m where m.group_id = g.id) as members,
  (select count(*)::int from grants where group_id = g.id and (until is null or until > now())) as grants,
  coalesce((select json_agg(o.pattern order by o.pattern) from topic_owners o where o.group_id = g.id), '[]') as owns
  from groups g`;

export type Groups = ReturnType<typeof createGroups>;

export function createGroups({ pool, write }: Database) {
  return {
    list: async (): Promise<Group[]> => (await pool.query<Group>(`${GROUPS} order by lower(g.name)`)).rows,

    async detail(id: string): Promise<GroupDetail | undefined> {
      const [group] = (await pool.query<Group>(`${GROUPS} where g.id = $1`, [id])).rows;
      if (!group) return undefined;
      const members = await pool.query<GroupDetail['members'][number]>(
        `select u.id, u.name, u.display_name as "displayName"
        from memberships m join users u on u.id = m.user_id where m.group_id = $1 order by u.name`,
        [id],
      );
      return { group, members: members.rows };
    },

    create: (actor: Actor, { name, description = '' }: CreateGroupBody): Promise<string> =>
      write(actor, async (tx) => {
        const [row] = await tx.insert(groups).values({ name, description }).returning({ id: groups.id });
        if (!row) throw new Error('The new group has no id.');
        return row.id;
      }),

    update: (actor: Actor, id: string, { name, description }: UpdateGroupBody): Promise<boolean> =>
      write(actor, async (tx) => {
        const set = { ...(name === undefined ? {} : { name }), ...(description === undefined ? {} : { description }) };
        if (Object.keys(set).length === 0)
          return (await tx.select({ id: groups.id }).from(groups).where(eq(groups.id, id))).length > 0;
        return (await tx.update(groups).set(set).where(eq(groups.id, id)).returning({ id: groups.id })).length > 0;
      }),

    remove: (actor: Actor, id: string): Promise<boolean> =>
      write(actor, async (tx) => {
        return (await tx.delete(groups).where(eq(groups.id, id)).returning({ id: groups.id })).length > 0;
      }),

    addMember: (actor: Actor, groupId: string, userId: string): Promise<void> =>
      write(actor, async (tx) => {
        await tx.insert(memberships).values({ groupId, userId }).onConflictDoNothing();
      }),

    removeMember: (actor: Actor, groupId: string, userId: string): Promise<boolean> =>
      write(actor, async (tx) => {
        const where = and(eq(memberships.groupId, groupId), eq(memberships.userId, userId));
        return (await tx.delete(memberships).where(where).returning({ id: memberships.userId })).length > 0;
      }),
  };
}
