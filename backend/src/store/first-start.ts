// What an empty database is given. Without a demo: `admin` with a one-time password that is printed once. With one:
// people, groups, owners and grants to look around with; their passwords are public, so only loopback allows it.
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type pg from 'pg';
import { hashSecret, newOneTimePassword, newSecret, type Passwords } from '../access/password.ts';
import { DEMO_GRANTS, DEMO_GROUPS, DEMO_OWNERS, DEMO_PEOPLE } from './demo.ts';
import { MIGRATION_LOCK } from './migrate.ts';

export type FirstStart =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'admin'; readonly name: string; readonly password: string }
  | { readonly kind: 'demo' };

export async function firstStart(
  client: pg.ClientBase,
  options: { isDemo: boolean; demoTokenPath: string | null; passwords: Passwords },
): Promise<FirstStart> {
  await client.query('begin');
  try {
    // Of gateways that start together one does it; the others find it done.
    await client.query('select pg_advisory_xact_lock($1)', [MIGRATION_LOCK]);
    await client.query(`select set_config('tidewatch.actor', $1, true)`, [
      JSON.stringify({ kind: 'gateway', id: null, name: 'first start', address: '' }),
    ]);
    const { rows } = await client.query<{ isEmpty: boolean }>('select not exists (select from users) as "isEmpty"');
    let done: FirstStart = { kind: 'nothing' };
    if (rows[0]?.isEmpty)
      done = options.isDemo ? await makeDemo(client, options.passwords) : await makeAdmin(client, options.passwords);
    if (options.isDemo && options.demoTokenPath !== null) await keepDemoToken(client, options.demoTokenPath);
    await client.query('commit');
    return done;
  } catch (error) {
    await client.query('rollback');
    throw error;
  }
}

async function makeAdmin(client: pg.ClientBase, passwords: Passwords): Promise<FirstStart> {
  const password = newOneTimePassword();
  await addPerson(client, { name: 'admin', displayName: 'Admin', role: 'admin' }, await passwords.hash(password), true);
  return { kind: 'admin', name: 'admin', password };
}

async function makeDemo(client: pg.ClientBase, passwords: Passwords): Promise<FirstStart> {
  for (const [name, description] of Object.entries(DEMO_GROUPS))
    await client.query('insert into groups (name, description) values ($1, $2)', [name, description]);
  for (const person of DEMO_PEOPLE) {
    await addPerson(client, person, await passwords.hash(person.password), false);
    await client.query(
      `insert into memberships (user_id, group_id)
      select u.id, g.id from users u, groups g where u.name = $1 and g.name = any($2::text[])`,
      [person.name, person.groups],
    );
  }
  for (const { pattern, group, isSensitive } of DEMO_OWNERS)
    await client.query(
      'insert into topic_owners (pattern, group_id, is_sensitive) select $1, id, $3 from groups where name = $2',
      [pattern, group, isSensitive],
    );
  for (const { person = null, group = null, pattern, rights, labels = null, hours = null, reason } of DEMO_GRANTS)
    await client.query(
      `insert into grants (user_id, group_id, pattern, rights, labels, until, reason) values (
        (select id from users where name = $1), (select id from groups where name = $2), $3, $4, $5,
        now() + $6 * interval '1 hour', $7)`,
      [person, group, pattern, rights, labels === null ? null : JSON.stringify(labels), hours, reason],
    );
  return { kind: 'demo' };
}

async function addPerson(
  client: pg.ClientBase,
  person: { name: string; displayName: string; role: string },
  hash: string,
  mustChange: boolean,
): Promise<void> {
  await client.query(
    `with u as (insert into users (name, display_name, role) values ($1, $2, $3) returning id)
    insert into passwords (user_id, hash, must_change) select id, $4, $5 from u`,
    [person.name, person.displayName, person.role, hash, mustChange],
  );
}

/** The token that `npm run emit` and `npm run tail` use in a demo: a file that only this user can read. */
async function keepDemoToken(client: pg.ClientBase, path: string): Promise<void> {
  if (existsSync(path)) {
    const { rowCount } = await client.query(
      'select from tokens where secret_hash = $1 and revoked_at is null and (expires is null or expires > now())',
      [hashSecret(readFileSync(path, 'utf8').trim())],
    );
    if (rowCount) return;
  }
  const secret = `tw_${newSecret()}`;
  await client.query(
    `insert into tokens (name, secret_hash, prefix, rights, patterns)
    values ('demo', $1, $2, array['subscribe', 'history', 'publish'], array['**'])`,
    [hashSecret(secret), secret.slice(0, 8)],
  );
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${secret}\n`, { mode: 0o600 });
  chmodSync(path, 0o600);
}
