import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EmbeddedPostgres } from '../../../infra/postgres/embedded-postgres.ts';
import { temporaryPostgres } from '../../../infra/postgres/temporary-postgres.ts';
import { keepSealKey, sealAudit, sealKey, verifyAudit } from '../../src/store/audit-seal.ts';
import { type GatewayKit, startGateway } from './store-kit.ts';

const dir = mkdtempSync(join(tmpdir(), 'tidewatch-seal-'));
const key = keepSealKey(join(dir, 'audit-key'));
const actor = { kind: 'person', id: 'x', name: 'x', address: '' };
let postgres: EmbeddedPostgres;
let gateway: GatewayKit;
let psql: pg.Client;

beforeAll(async () => {
  postgres = await temporaryPostgres();
  gateway = await startGateway(postgres.url, { sealKey: key });
  psql = new pg.Client({ connectionString: postgres.url });
  await psql.connect();
});
afterAll(async () => {
  await psql?.end();
  await gateway?.stop();
  await postgres?.stop();
  rmSync(dir, { recursive: true, force: true });
});

/** Who owns the database can switch the triggers off: that is what seals are for. */
async function tamper(statement: string): Promise<void> {
  await psql.query('alter table audit disable trigger user; alter table audit_seals disable trigger user');
  await psql.query(statement);
  await psql.query('alter table audit enable trigger user; alter table audit_seals enable trigger user');
}

const note = (text: string) => gateway.store.audit.note(actor, { action: 'test', object: 'test', note: text });

describe('sealed audit rows', () => {
  it('hold while nobody touches them, over many seals', async () => {
    for (const text of ['one', 'two', 'three']) {
      await note(text);
      await gateway.store.seal();
    }
    expect(await sealAudit(psql, key)).toBe('nothing_new');
    await note('not sealed yet');
    expect(await verifyAudit(psql, key)).toMatchObject({ isWhole: true, seals: 3, unsealedRows: 1, faults: [] });
    expect(statSync(join(dir, 'audit-key')).mode & 0o777).toBe(0o600);
  });

  it('read the same under other session settings', async () => {
    await psql.query(`set timezone = 'Asia/Tokyo'; set datestyle = 'German'`);
    expect((await verifyAudit(psql, key)).isWhole).toBe(true);
  });

  it('are not sealed by a gateway with another key', async () => {
    expect(await sealAudit(psql, sealKey(Buffer.alloc(32, 7)))).toBe('other_key');
  });

  it('wait for a transaction that still writes rows, so that none slips in behind a seal', async () => {
    await psql.query('begin');
    await psql.query(`insert into audit (actor_kind, actor, action, object) values ('t', 't', 'slow', 't')`);
    await note('faster');
    const other = new pg.Client({ connectionString: postgres.url });
    await other.connect();
    expect(await sealAudit(other, key)).toBe('busy');
    await psql.query('commit');
    expect(await sealAudit(other, key)).toBe('sealed');
    await other.end();
    expect(await verifyAudit(psql, key)).toMatchObject({ isWhole: true, unsealedRows: 0 });
  });

  it('show a changed row, a missing one, one put in between, and a changed seal', async () => {
    const ids = (await psql.query<{ id: string }>('select id from audit order by id')).rows.map((row) => row.id);
    const steps = [
      [`update audit set note = 'other' where id = ${ids[3]}`, `update audit set note = '' where id = ${ids[3]}`],
      [
        `update audit set at = at + interval '1 microsecond' where id = ${ids[3]}`,
        `update audit set at = at - interval '1 microsecond' where id = ${ids[3]}`,
      ],
      [
        `insert into audit (id, actor_kind, actor, action, object) overriding system value values (0, 't', 't', 't', 't')`,
        'delete from audit where id = 0',
      ],
      [`update audit_seals set seal = sha256(seal) where id = 2`, null],
    ] as const;
    for (const [harm, mend] of steps) {
      await tamper(harm);
      expect([harm, (await verifyAudit(psql, key)).isWhole]).toEqual([harm, false]);
      if (mend) {
        await tamper(mend);
        expect((await verifyAudit(psql, key)).isWhole).toBe(true);
      }
    }
    await tamper(`delete from audit where id = ${ids[4]}`);
    const verdict = await verifyAudit(psql, key);
    expect(verdict.faults.join('\n')).toMatch(/were sealed, .* are there/);
    expect(verdict.faults.join('\n')).toMatch(/changed after it was sealed/);
  });

  it('are checked from the command line, which ends with 1 where something was changed', () => {
    const run = (env: Record<string, string>) => {
      try {
        const options = { env: { ...process.env, ...env }, encoding: 'utf8', stdio: 'pipe' } as const;
        return { code: 0, text: execFileSync(process.execPath, ['backend/src/store/audit-verify.ts'], options) };
      } catch (error) {
        const { status, stdout } = error as { status: number; stdout: string };
        return { code: status, text: stdout };
      }
    };
    expect(run({ DATABASE_URL: postgres.url, DATA_DIR: dir })).toMatchObject({
      code: 1,
      text: expect.stringMatching(/NOT WHOLE/),
    });
    expect(run({ DATABASE_URL: '', DATA_DIR: dir }).code).toBe(2);
  });
});
