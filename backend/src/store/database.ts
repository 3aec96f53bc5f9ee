// The pool of connections and the one way to write: a transaction that says who acts, so that the audit triggers can
// name them. Waits a stated time for a connection and for an answer, never for ever.
import { sql } from 'drizzle-orm';
import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres';
import pg from 'pg';
import * as schema from './schema.ts';

/** Who acts, as the audit log names them. `kind`: person, token, screen, gateway or cli. */
export interface Actor {
  readonly kind: string;
  readonly id: string | null;
  readonly name: string;
  readonly address: string;
}

export const GATEWAY: Actor = { kind: 'gateway', id: null, name: 'gateway', address: '' };

export type Queries = NodePgDatabase<typeof schema>;
export type Transaction = Parameters<Parameters<Queries['transaction']>[0]>[0];

export interface Database {
  /** For reading. */
  readonly db: Queries;
  readonly pool: pg.Pool;
  /** For writing: all or nothing, by this actor, with a note for the audit rows where there is more to say. */
  write<T>(actor: Actor, work: (tx: Transaction) => Promise<T>, note?: string): Promise<T>;
  stop(): Promise<void>;
}

/** Connections of one gateway, besides the one that listens. */
const POOL_MAX = 10;
export const CONNECT_MAX_MS = 2_000;
const ANSWER_MAX_MS = 10_000;

export function openDatabase(databaseUrl: string): Database {
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    max: POOL_MAX,
    connectionTimeoutMillis: CONNECT_MAX_MS,
    statement_timeout: ANSWER_MAX_MS,
    query_timeout: ANSWER_MAX_MS,
    idle_in_transaction_session_timeout: ANSWER_MAX_MS,
    application_name: 'tidewatch',
    keepAlive: true,
  });
  // An idle connection that breaks is told here; whoever asks next learns by the answer.
  pool.on('error', () => {});
  const db = drizzle(pool, { schema });
  return {
    db,
    pool,
    write: (actor, work, note = '') =>
      db.transaction(async (tx) => {
        await tx.execute(
          sql`select set_config('tidewatch.actor', ${JSON.stringify(actor)}, true), set_config('tidewatch.note', ${note}, true)`,
        );
        return work(tx);
      }),
    stop: () => pool.end(),
  };
}
