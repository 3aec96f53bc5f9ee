// The live sessions of every gateway. Each says its own again every two seconds; one that is silent is shown as unknown
// and then forgotten. A kick is a notice to all gateways, also where the session is local.
import type { LiveSession } from '@tidewatch/schemas/api-sessions';
import type { Database } from './database.ts';
import { epochMs } from './epoch-ms.ts';

export const SAY_SESSIONS_MS = 2_000;
/** Silence after which a gateway may be gone, and after which its rows are dropped. */
const SILENT_S = 6;
const FORGET_S = 60;
/** A kicked session stays in the list this long, so that its row says so. */
const KICKED_KEPT_S = 30;

export type SessionReport = Omit<LiveSession, 'gateway' | 'seen' | 'state'>;

/** Ids of sessions or of principals. */
export interface Kick {
  readonly ids: readonly string[];
}

export type LiveSessions = ReturnType<typeof createLiveSessions>;

const SESSIONS = `select id, gateway,
  json_build_object('kind', principal_kind, 'id', principal_id, 'name', principal) as principal,
  address, user_agent as "userAgent", ${epochMs('since')} as since, topics, frames_per_second as "framesPerSecond",
  bytes_per_second as "bytesPerSecond", in_flight_bytes as "inFlightBytes", merged_ticks::float8 as "mergedTicks",
  ${epochMs('seen')} as seen,
  case when state = 'open' and seen < now() - interval '${SILENT_S} s' then 'unknown' else state end as state
  from sessions where seen > now() - interval '${FORGET_S} s'`;

export function createLiveSessions({ pool }: Database, gateway: string, startedAt: number) {
  return {
    async say(reports: readonly SessionReport[]): Promise<void> {
      await pool.query(
        `with g as (
          insert into gateways (id, started_at, seen) values ($1, to_timestamp($3::float8 / 1000), now())
          on conflict (id) do update set seen = now()
        ), said as (
          insert into sessions (gateway, id, principal_kind, principal_id, principal, address, user_agent, since, topics,
            frames_per_second, bytes_per_second, in_flight_bytes, merged_ticks, seen)
          select $1, r.id, r.principal ->> 'kind', (r.principal ->> 'id')::uuid, r.principal ->> 'name', r.address,
            r."userAgent", to_timestamp(r.since / 1000), r.topics, r."framesPerSecond", r."bytesPerSecond",
            r."inFlightBytes", r."mergedTicks"::bigint, now()
          from jsonb_to_recordset($2::jsonb) as r(id text, principal jsonb, address text, "userAgent" text,
            since float8, topics text[], "framesPerSecond" float8, "bytesPerSecond" float8, "inFlightBytes" float8,
            "mergedTicks" float8)
          on conflict (gateway, id) do update set topics = excluded.topics, principal = excluded.principal,
            frames_per_second = excluded.frames_per_second, bytes_per_second = excluded.bytes_per_second,
            in_flight_bytes = excluded.in_flight_bytes, merged_ticks = excluded.merged_ticks, seen = excluded.seen
        ) delete from sessions where
          (gateway = $1 and state = 'open' and not (id in (select r.id from jsonb_to_recordset($2::jsonb) as r(id text))))
          or (state = 'kicked' and seen < now() - interval '${KICKED_KEPT_S} s')
          or seen < now() - interval '${FORGET_S} s'`,
        [gateway, JSON.stringify(reports), startedAt],
      );
    },

    /** At a clean stop: this gateway has no sessions any more. */
    async leave(): Promise<void> {
      await pool.query('with s as (delete from sessions where gateway = $1) delete from gateways where id = $1', [
        gateway,
      ]);
    },

    async list(): Promise<{ sessions: LiveSession[]; gateways: number }> {
      const { rows } = await pool.query<LiveSession>(`${SESSIONS} order by since desc limit 10000`);
      const counted = await pool.query<{ count: number }>(
        `select count(*)::int as count from gateways where seen > now() - interval '${SILENT_S} s'`,
      );
      return { sessions: rows, gateways: counted.rows[0]?.count ?? 0 };
    },

    /** Asks whichever gateway has them to close these sessions; says how many are known and open. */
    async kick(ids: readonly string[]): Promise<number> {
      const { rows } = await pool.query<{ id: string }>(
        `update sessions set state = 'kicked', seen = now() where id = any($1::text[]) and state = 'open' returning id`,
        [ids],
      );
      await notify(rows.map((row) => row.id));
      return rows.length;
    },

    /** All of these principals, also a session so young that no gateway has said it yet. */
    async kickPrincipals(ids: readonly string[]): Promise<number> {
      const { rowCount } = await pool.query(
        `update sessions set state = 'kicked', seen = now() where principal_id = any($1::uuid[]) and state = 'open'`,
        [ids],
      );
      await notify(ids);
      return rowCount ?? 0;
    },
  };

  async function notify(ids: readonly string[]): Promise<void> {
    // A notice holds 8,000 bytes: 100 ids of 36 characters fit.
    for (let at = 0; at < ids.length; at += 100) {
      const payload = JSON.stringify({ ids: ids.slice(at, at + 100) } satisfies Kick);
      await pool.query("select pg_notify('tidewatch_kick', $1)", [payload]);
    }
  }
}

export function readKick(payload: string): Kick {
  const read: unknown = JSON.parse(payload);
  const ids = typeof read === 'object' && read !== null && 'ids' in read && Array.isArray(read.ids) ? read.ids : [];
  return { ids: ids.filter((id) => typeof id === 'string') };
}
