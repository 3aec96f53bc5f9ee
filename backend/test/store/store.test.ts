import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { EmbeddedPostgres } from '../../../infra/postgres/embedded-postgres.ts';
import { temporaryPostgres } from '../../../infra/postgres/temporary-postgres.ts';
import type { PolicyChange } from '../../src/access/gatekeeper.ts';
import { type GatewayKit, startGateway, until } from './store-kit.ts';

let postgres: EmbeddedPostgres;
let psql: pg.Client;
let one: GatewayKit;
let two: GatewayKit;
const database = { n: 0 };

/** Each test has a database of its own on the one server. */
let url: string;
async function emptyDatabase(): Promise<string> {
  const name = `t${++database.n}`;
  const admin = new pg.Client({ connectionString: postgres.url });
  await admin.connect();
  await admin.query(`create database ${name}`);
  await admin.end();
  return Object.assign(new URL(postgres.url), { pathname: `/${name}` }).toString();
}

beforeAll(async () => {
  postgres = await temporaryPostgres();
});
afterAll(() => postgres?.stop());

beforeEach(async () => {
  url = await emptyDatabase();
  // Both at once, on an empty database: one migrates and makes the people, the other waits.
  [one, two] = await Promise.all([startGateway(url), startGateway(url)]);
  psql = new pg.Client({ connectionString: url, application_name: 'psql' });
  await psql.connect();
});
afterEach(async () => {
  await psql?.end();
  await Promise.all([one?.stop(), two?.stop()]);
});

const sees = (gateway: GatewayKit, name: string, topic: string): boolean =>
  gateway.gatekeeper.decide(gateway.idOf(name), 'subscribe', topic).allow;

describe('two gateways that start together', () => {
  it('both come up with one set of people', async () => {
    expect([one.store.state(), two.store.state()]).toEqual(['ready', 'ready']);
    const { rows } = await psql.query('select name from users order by name');
    expect(rows.map((row) => row.name)).toEqual(['admin', 'operator', 'viewer']);
    expect(one.gatekeeper.policy().version).toBe(two.gatekeeper.policy().version);
  });

  it('start again on the same database without changing it', async () => {
    const before = (await psql.query('select count(*)::int as n from audit')).rows[0].n;
    const again = await startGateway(url);
    expect([again.store.state(), again.store.firstStart().kind]).toEqual(['ready', 'nothing']);
    await again.stop();
    expect((await psql.query('select count(*)::int as n from audit')).rows[0].n).toBe(before);
  });
});

describe('a grant that is deleted with psql', () => {
  it('is refused on every gateway within 250 ms, and only those it touches are told', async () => {
    const changes: [number, PolicyChange][] = [];
    const from = { at: 0 };
    for (const [n, gateway] of [one, two].entries())
      gateway.gatekeeper.onChanged((change) => changes.push([n, change]));
    expect(sees(one, 'viewer', 'web.cdn')).toBe(true);
    from.at = performance.now();
    await psql.query(`delete from grants where pattern = 'web.*'`);
    await until('refused on both', () => !sees(one, 'viewer', 'web.cdn') && !sees(two, 'viewer', 'web.cdn'));
    expect(performance.now() - from.at).toBeLessThan(250);
    expect(changes.map(([n]) => n).sort()).toEqual([0, 1]);
    for (const [, change] of changes) expect([...change.principalIds]).toEqual([one.idOf('viewer')]);
  });

  it('is found by polling within 1.5 s where the notice is lost', async () => {
    // The notice is taken out of the trigger, so that only the version moves.
    await psql.query(`create or replace function raise_version() returns trigger language plpgsql as $$
      begin update versions set value = value + 1 where name = tg_argv[0]; return null; end $$`);
    const from = performance.now();
    await psql.query(`delete from grants where pattern = 'web.*'`);
    await until('refused', () => !sees(one, 'viewer', 'web.cdn'));
    expect(performance.now() - from).toBeLessThan(1_500);
  });

  it('takes effect where the notice came but the listening connection was cut just before', async () => {
    await psql.query(`select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and query like 'select (select value%' and pid <> pg_backend_pid()`);
    await psql.query(`delete from grants where pattern = 'web.*'`);
    await until('refused on both', () => !sees(one, 'viewer', 'web.cdn') && !sees(two, 'viewer', 'web.cdn'), 3_000);
  });
});

describe('what changes in the database', () => {
  it('reaches the policy: groups, members, roles, disabling, owners, tokens', async () => {
    const both = (holds: (gateway: GatewayKit) => boolean) => () => holds(one) && holds(two);
    await psql.query(
      `insert into memberships select u.id, g.id from users u, groups g where u.name = 'viewer' and g.name = 'on-call'`,
    );
    await until(
      'viewer is on call',
      both((gateway) => sees(gateway, 'viewer', 'infra.hosts')),
    );
    await psql.query(`delete from groups where name = 'on-call'`);
    await until(
      'the group is gone',
      both((gateway) => !sees(gateway, 'viewer', 'infra.hosts')),
    );
    await psql.query(`update users set role = 'admin' where name = 'viewer'`);
    await until(
      'viewer is admin',
      both((gateway) => sees(gateway, 'viewer', 'ml.fraud')),
    );
    await psql.query(`update users set is_disabled = true where name = 'viewer'`);
    await until(
      'viewer is disabled',
      both((gateway) => !sees(gateway, 'viewer', 'web.cdn')),
    );
    await psql.query(
      `update topic_owners set group_id = (select id from groups where name = 'web-team') where pattern = 'shop.**'`,
    );
    await until(
      'the owner is another',
      both((gateway) => gateway.gatekeeper.owner('shop.cart').owner === 'web-team'),
    );
    await psql.query(
      `insert into tokens (name, secret_hash, prefix, rights, patterns) values ('t', 'x', 'tw_x', '{publish}', '{shop.**}')`,
    );
    await until(
      'the token is known',
      both((gateway) => [...gateway.gatekeeper.policy().principals.values()].some((p) => p.name === 't')),
    );
  });

  it('ends a grant by time on its own, without anything being written', async () => {
    const changes: PolicyChange[] = [];
    one.gatekeeper.onChanged((change) => changes.push(change));
    await psql.query(
      `insert into grants (user_id, pattern, rights, until)
      select id, 'ml.fraud', '{subscribe}', now() + interval '700 ms' from users where name = 'viewer'`,
    );
    await until('granted', () => sees(one, 'viewer', 'ml.fraud'));
    const end = one.gatekeeper.nextEnd(one.idOf('viewer')) ?? 0;
    await until('ended', () => changes.some((change) => change.why === 'grant_ended'));
    expect(one.gatekeeper.now() - end).toBeGreaterThanOrEqual(0);
    expect(one.gatekeeper.now() - end).toBeLessThan(100);
    expect(sees(one, 'viewer', 'ml.fraud')).toBe(false);
  });

  it('cannot take away the last admin, also from psql', async () => {
    for (const statement of [
      `update users set role = 'viewer' where name = 'admin'`,
      `update users set is_disabled = true where name = 'admin'`,
      `delete from users where name = 'admin'`,
    ])
      await expect(psql.query(statement)).rejects.toThrow('make another person admin first');
  });

  it('cannot take away the last admin by two who each remove the other', async () => {
    await psql.query(`update users set role = 'admin' where name = 'viewer'`);
    const other = new pg.Client({ connectionString: url });
    await other.connect();
    try {
      await psql.query('begin');
      await psql.query(`update users set role = 'viewer' where name = 'viewer'`);
      const second = other
        .query(`update users set role = 'viewer' where name = 'admin'`)
        .catch((error) => error.message);
      await new Promise((resolve) => setTimeout(resolve, 100));
      await psql.query('commit');
      expect(await second).toMatch(/make another person admin first/);
    } finally {
      await other.end();
    }
  });
});

describe('the audit log', () => {
  it('has before and after of a change made with psql, and says who', async () => {
    await psql.query(`update grants set until = now() + interval '1 hour' where pattern = 'web.*'`);
    const { rows } = await psql.query(`select * from audit where object = 'grants' order by id desc limit 1`);
    expect(rows[0]).toMatchObject({ actor_kind: 'database', actor: 'tidewatch (psql)', action: 'update' });
    expect([rows[0].before.until, rows[0].after.until !== null]).toEqual([null, true]);
  });

  it('names the person who acted through the gateway, and never a secret', async () => {
    const actor = { kind: 'person', id: one.idOf('admin'), name: 'admin', address: '10.1.2.3' };
    await one.store.people.setPassword(actor, one.idOf('viewer'), 'a-new-hash', true);
    const { rows } = await psql.query(`select * from audit order by id desc limit 1`);
    expect(rows[0]).toMatchObject({
      actor: 'admin',
      address: '10.1.2.3',
      object: 'passwords',
      object_id: one.idOf('viewer'),
    });
    const everything = (await psql.query('select string_agg(audit::text, chr(10)) as text from audit')).rows[0].text;
    expect(everything).not.toMatch(/argon2|a-new-hash/);
  });

  it('cannot be changed or emptied', async () => {
    for (const statement of ['update audit set note = $$x$$', 'delete from audit', 'truncate audit'])
      await expect(psql.query(statement)).rejects.toThrow('appended only');
  });

  it('folds refusals of one kind by one actor into one row', async () => {
    const actor = { kind: 'person', id: 'x', name: 'viewer', address: '' };
    for (let i = 0; i < 500; i++) one.store.audit.refused(actor, 'topic', 'ml.fraud', 'subscribe');
    one.store.audit.refused(actor, 'topic', 'ml.fraud', 'history');
    await one.store.audit.flush();
    const { rows } = await psql.query(`select note, count from audit where action = 'refused' order by note`);
    expect(rows).toEqual([
      { note: 'history', count: 1 },
      { note: 'subscribe', count: 500 },
    ]);
  });
});

describe('a kick', () => {
  it('reaches the gateway that has the session, whichever it is, and the row says so', async () => {
    const kicked: string[] = [];
    two.store.onKick((id) => kicked.push(id));
    const id = crypto.randomUUID();
    const principal = { kind: 'person' as const, id: two.idOf('viewer'), name: 'viewer' };
    const speeds = { framesPerSecond: 1.5, bytesPerSecond: 100, inFlightBytes: 0, mergedTicks: 0 };
    await two.store.liveSessions.say([
      { id, principal, address: '::1', userAgent: 'test', since: Date.now(), topics: ['web.cdn'], ...speeds },
    ]);
    expect((await one.store.liveSessions.list()).sessions).toMatchObject([{ id, state: 'open', topics: ['web.cdn'] }]);
    expect(await one.store.liveSessions.kick([id])).toBe(1);
    await until('told', () => kicked.includes(id), 1_000);
    await two.store.liveSessions.say([]);
    expect((await one.store.liveSessions.list()).sessions).toMatchObject([{ id, state: 'kicked' }]);
    expect(await one.store.liveSessions.kick([id])).toBe(0);
  });

  it('of a person reaches also a session that no gateway has said yet', async () => {
    const kicked: string[] = [];
    two.store.onKick((id) => kicked.push(id));
    await one.store.liveSessions.kickPrincipals([one.idOf('viewer')]);
    await until('told', () => kicked.includes(one.idOf('viewer')), 1_000);
  });
});

describe('a login', () => {
  it('that ends in the database loses its lease on every gateway at once', async () => {
    const secretHash = Buffer.from('a'.repeat(64), 'hex');
    const actor = { kind: 'person', id: one.idOf('viewer'), name: 'viewer', address: '' };
    const wanted = { secretHash, userId: one.idOf('viewer'), userAgent: '', address: '', before: null };
    const login = await one.store.logins.create(actor, wanted);
    const lost: number[] = [];
    for (const [n, gateway] of [one, two].entries())
      gateway.leases.take({ kind: 'login', id: login.id }, wanted.userId).onLost(() => lost.push(n));
    await psql.query('delete from logins where id = $1', [login.id]);
    await until('lost on both', () => lost.length === 2, 500);
  });
});
