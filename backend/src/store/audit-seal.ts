// Seals over the audit log: once a minute, what is new is put under an HMAC that also covers the seal before. The key is
// a file or a setting outside the database, so that who can write the database cannot change, take out or add a row
// unseen. One gateway seals at a time.
import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type pg from 'pg';

/** Any number of our own: the advisory lock of who seals. */
const SEAL_LOCK = 7_243_100_002;
/** A transaction that holds the log open must not hold up everybody: the seal waits for the next minute. */
const LOCK_WAIT_MS = 500;
const KEY_BYTES = 32;
const PAGE_ROWS = 5_000;
/** Before every row there can be, also one that somebody put in front of the first. */
const NO_ROW = Number.MIN_SAFE_INTEGER;

/** One form whatever the settings of the database session: times as microseconds, jsonb as PostgreSQL orders it. */
const ROW_TEXT = `jsonb_build_array(id, (extract(epoch from at) * 1000000)::bigint, actor_kind, actor_id, actor, address,
  action, object, object_id, before, after, count, note)::text`;

export interface SealKey {
  readonly secret: Buffer;
  readonly name: string;
}

export function sealKey(secret: Buffer): SealKey {
  return { secret, name: createHash('sha256').update('tidewatch audit key').update(secret).digest('hex').slice(0, 12) };
}

/** The key in this file; made, readable by this user only, where there is none. */
export function keepSealKey(path: string): SealKey {
  if (!existsSync(path)) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, `${randomBytes(KEY_BYTES).toString('base64')}\n`, { mode: 0o600, flag: 'wx' });
    chmodSync(path, 0o600);
  }
  return sealKey(Buffer.from(readFileSync(path, 'utf8').trim(), 'base64'));
}

interface Seal {
  readonly firstRow: number;
  readonly lastRow: number;
  readonly rows: number;
  readonly keyName: string;
  readonly seal: Buffer;
}

const SEALS = `select first_row::float8 as "firstRow", last_row::float8 as "lastRow", rows::float8 as rows,
  key_name as "keyName", seal from audit_seals`;

export type SealOutcome = 'sealed' | 'nothing_new' | 'busy' | 'other_key';

export async function sealAudit(client: pg.ClientBase, key: SealKey): Promise<SealOutcome> {
  await client.query('begin');
  try {
    const { rows: locked } = await client.query<{ got: boolean }>('select pg_try_advisory_xact_lock($1) as got', [
      SEAL_LOCK,
    ]);
    if (!locked[0]?.got) return await giveUp(client, 'busy');
    await client.query(`set local lock_timeout = ${LOCK_WAIT_MS}`);
    // Waits for whoever is writing rows now: every id up to the newest is then there for good.
    await client.query('lock table audit in share mode');
    const [last] = (await client.query<Seal>(`${SEALS} order by id desc limit 1`)).rows;
    if (last && last.keyName !== key.name) return await giveUp(client, 'other_key');
    const found = await digestRows(client, last?.lastRow ?? NO_ROW, null);
    if (found.rows === 0) return await giveUp(client, 'nothing_new');
    const seal = sealOf(key, last?.seal ?? null, found);
    await client.query(
      'insert into audit_seals (first_row, last_row, rows, key_name, seal) values ($1, $2, $3, $4, $5)',
      [found.firstRow, found.lastRow, found.rows, key.name, seal],
    );
    await client.query('commit');
    return 'sealed';
  } catch (error) {
    await client.query('rollback').catch(() => {});
    if ((error as { code?: string }).code === '55P03') return 'busy';
    throw error;
  }
}

export interface AuditVerdict {
  readonly isWhole: boolean;
  readonly seals: number;
  readonly sealedRows: number;
  /** Newer than the last seal: nothing can be said of them yet. */
  readonly unsealedRows: number;
  /** What does not hold, in words. */
  readonly faults: readonly string[];
}

export async function verifyAudit(client: pg.ClientBase, key: SealKey): Promise<AuditVerdict> {
  const faults: string[] = [];
  let before: Seal | undefined;
  let sealedRows = 0;
  const { rows: seals } = await client.query<Seal>(`${SEALS} order by id`);
  for (const seal of seals) {
    const found = await digestRows(client, before?.lastRow ?? NO_ROW, seal.lastRow);
    const range = `rows ${seal.firstRow} to ${seal.lastRow}`;
    if (seal.keyName !== key.name) faults.push(`${range}: sealed with another key (${seal.keyName})`);
    else if (found.rows !== seal.rows) faults.push(`${range}: ${seal.rows} were sealed, ${found.rows} are there`);
    else if (!timingSafeEqual(sealOf(key, before?.seal ?? null, found), seal.seal))
      faults.push(`${range}: a row or the seal was changed after it was sealed`);
    sealedRows += seal.rows;
    before = seal;
  }
  const tail = await digestRows(client, before?.lastRow ?? NO_ROW, null);
  return { isWhole: faults.length === 0, seals: seals.length, sealedRows, unsealedRows: tail.rows, faults };
}

interface Digest {
  readonly firstRow: number;
  readonly lastRow: number;
  readonly rows: number;
  readonly hash: Buffer;
}

/** Rows after `after`, up to and with `upTo`; null: up to the newest. */
async function digestRows(client: pg.ClientBase, after: number, upTo: number | null): Promise<Digest> {
  const hash = createHash('sha256');
  let [firstRow, lastRow, count] = [0, after, 0];
  for (;;) {
    const { rows } = await client.query<{ id: number; text: string }>(
      `select id::float8 as id, ${ROW_TEXT} as text from audit
      where id > $1 and ($2::bigint is null or id <= $2) order by id limit ${PAGE_ROWS}`,
      [lastRow, upTo],
    );
    for (const { id, text } of rows) {
      if (count === 0) firstRow = id;
      // The length in front: no two lists of rows give one text.
      hash.update(`${Buffer.byteLength(text)}:`).update(text);
      lastRow = id;
      count++;
    }
    if (rows.length < PAGE_ROWS) return { firstRow, lastRow, rows: count, hash: hash.digest() };
  }
}

function sealOf(key: SealKey, before: Buffer | null, { firstRow, lastRow, rows, hash }: Digest): Buffer {
  return createHmac('sha256', key.secret)
    .update(before ?? Buffer.alloc(0))
    .update(`|${firstRow}|${lastRow}|${rows}|`)
    .update(hash)
    .digest();
}

async function giveUp<T>(client: pg.ClientBase, outcome: T): Promise<T> {
  await client.query('rollback');
  return outcome;
}
