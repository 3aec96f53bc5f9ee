import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { is } from 'drizzle-orm';
import { getTableConfig, PgTable } from 'drizzle-orm/pg-core';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EmbeddedPostgres } from '../../../infra/postgres/embedded-postgres.ts';
import { temporaryPostgres } from '../../../infra/postgres/temporary-postgres.ts';
import { migrate } from '../../src/store/migrate.ts';
import * as schema from '../../src/store/schema.ts';
import { startGateway } from './store-kit.ts';

let postgres: EmbeddedPostgres;
let psql: pg.Client;
const dir = mkdtempSync(join(tmpdir(), 'tidewatch-first-'));
let n = 0;

async function emptyDatabase(): Promise<string> {
  const name = `first${++n}`;
  await psql.query(`create database ${name}`);
  return Object.assign(new URL(postgres.url), { pathname: `/${name}` }).toString();
}
async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return client;
}

beforeAll(async () => {
  postgres = await temporaryPostgres();
  psql = await connect(postgres.url);
});
afterAll(async () => {
  await psql?.end();
  await postgres?.stop();
  rmSync(dir, { recursive: true, force: true });
});

describe('the first start', () => {
  it('without a demo makes one admin with a one-time password that must be changed, and no second one later', async () => {
    const url = await emptyDatabase();
    const gateway = await startGateway(url, { isDemo: false });
    const first = gateway.store.firstStart();
    if (first.kind !== 'admin') throw new Error(`it made ${first.kind}`);
    const found = await gateway.store.people.passwordOf('admin');
    expect(await gateway.passwords.check(found?.hash ?? null, first.password)).toBe(true);
    expect(found?.mustChange).toBe(true);
    const people = [...gateway.gatekeeper.policy().principals.values()];
    expect(people.map(({ name, role, state }) => [name, role, state])).toEqual([
      ['admin', 'admin', 'must_change_password'],
    ]);
    // Until it is changed, nothing is to be seen.
    expect(gateway.gatekeeper.decide(gateway.idOf('admin'), 'subscribe', 'shop.cart').allow).toBe(false);
    await gateway.stop();
    const again = await startGateway(url, { isDemo: false });
    expect(again.store.firstStart()).toEqual({ kind: 'nothing' });
    await again.stop();
  });

  it('with a demo leaves a token that works in a file that only this user can read, and keeps it', async () => {
    const url = await emptyDatabase();
    const demoTokenPath = join(dir, 'demo', 'demo-token');
    const gateway = await startGateway(url, { demoTokenPath });
    const token = readFileSync(demoTokenPath, 'utf8').trim();
    expect(statSync(demoTokenPath).mode & 0o777).toBe(0o600);
    const found = await gateway.authenticator.identify({ authorization: `Bearer ${token}` });
    expect(gateway.gatekeeper.decide(found?.principal.id ?? '', 'publish', 'shop.cart').allow).toBe(true);
    await gateway.stop();
    const again = await startGateway(url, { demoTokenPath });
    expect(readFileSync(demoTokenPath, 'utf8').trim()).toBe(token);
    await again.stop();
    // A file that is gone is made anew, because the database only has the hash.
    rmSync(demoTokenPath);
    const third = await startGateway(url, { demoTokenPath });
    expect(existsSync(demoTokenPath)).toBe(true);
    await third.stop();
  });
});

describe('migrations', () => {
  it('run once each, also where two start at the same time', async () => {
    const url = await emptyDatabase();
    const [one, two] = [await connect(url), await connect(url)];
    const ran = await Promise.all([migrate(one), migrate(two)]);
    expect(ran.map((files) => files.length).sort()).toEqual([0, 4]);
    expect(await migrate(one)).toEqual([]);
    await one.end();
    await two.end();
  });

  it('refuse a file that was changed after it ran, by name', async () => {
    const url = await emptyDatabase();
    const client = await connect(url);
    await migrate(client);
    await client.query(`update migrations set hash = 'other' where name like '0002%'`);
    await expect(migrate(client)).rejects.toThrow('0002-audit.sql was changed');
    await client.end();
  });

  it('and the tables of the code are the same: names, columns, what may be empty', async () => {
    const url = await emptyDatabase();
    const client = await connect(url);
    await migrate(client);
    const { rows } = await client.query<{ name: string }>(
      `select table_name || '.' || column_name || ' ' || is_nullable as name
      from information_schema.columns where table_schema = 'public' and table_name <> 'migrations'`,
    );
    const tables = Object.values(schema).filter((value) => is(value, PgTable)) as PgTable[];
    const columns = tables.flatMap((table) => {
      const config = getTableConfig(table);
      return config.columns.map((column) => `${config.name}.${column.name} ${column.notNull ? 'NO' : 'YES'}`);
    });
    expect(columns.sort()).toEqual(rows.map((row) => row.name).sort());
    await client.end();
  });
});
