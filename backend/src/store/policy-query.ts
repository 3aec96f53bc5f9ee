// Reads the whole policy in one statement, so that it is of one version, in the form that access/ compiles.
import type pg from 'pg';
import type { PolicyRows } from '../access/policy.ts';
import { epochMs } from './epoch-ms.ts';

/** Grants that ended stay readable this long, so that an explanation can say so. */
const ENDED_KEPT = "interval '7 days'";
const list = (body: string): string => `(select coalesce(json_agg(t), '[]') from (${body}) t)`;

const QUERY = `select
  (select value from versions where name = 'policy')::float8 as version,
  ${list(`select u.id, u.name, u.display_name as "displayName", u.email, u.role, u.is_disabled as "isDisabled",
    coalesce(p.must_change, false) as "mustChangePassword"
    from users u left join passwords p on p.user_id = u.id order by u.name`)} as users,
  ${list('select id, name from groups order by name')} as groups,
  ${list('select user_id as "userId", group_id as "groupId" from memberships order by user_id, group_id')} as memberships,
  ${list(`select id, user_id as "userId", group_id as "groupId", token_id as "tokenId", pattern, rights, labels,
    ${epochMs('until')} as until, reason, created_by as by
    from grants where until is null or until > now() - ${ENDED_KEPT} order by created_at, id`)} as grants,
  ${list('select pattern, group_id as "groupId", is_sensitive as "isSensitive" from topic_owners order by pattern')} as owners,
  ${list(`select id, name, kind, on_behalf_of as "onBehalfOf", rights, patterns, ${epochMs('expires')} as expires,
    revoked_at is not null as "isRevoked", created_by as by
    from tokens where (expires is null or expires > now() - ${ENDED_KEPT})
    and (revoked_at is null or revoked_at > now() - ${ENDED_KEPT}) order by created_at, id`)} as tokens`;

export async function readPolicy(client: pg.ClientBase): Promise<PolicyRows> {
  const { rows } = await client.query<PolicyRows>(QUERY);
  const [policy] = rows;
  if (!policy) throw new Error('The policy could not be read: one statement gave no row.');
  return policy;
}
