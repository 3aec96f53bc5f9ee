import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import type { EmbeddedPostgres } from '../../../infra/postgres/embedded-postgres.ts';
import { temporaryPostgres } from '../../../infra/postgres/temporary-postgres.ts';
import { type ApiKit, startApi } from './api-kit.ts';

let postgres: EmbeddedPostgres;
let kit: ApiKit;
let admin: string;
beforeAll(async () => {
  postgres = await temporaryPostgres();
  kit = await startApi(postgres.url);
  admin = await kit.signIn('admin');
});
afterAll(async () => {
  await kit?.stop();
  await postgres?.stop();
});

const exported = async () =>
  (await kit.server.inject({ url: '/api/policy.yaml', headers: { cookie: `tidewatch_login=${admin}` } })).body;
const diff = (yaml: string) => kit.ask('POST', '/api/policy/diff', admin, { yaml });
const apply = (yaml: string, version: number) => kit.ask('POST', '/api/policy', admin, { yaml, version });
const sees = (name: string, topic: string) => kit.gatekeeper.decide(kit.idOf(name), 'subscribe', topic).allow;

describe('the policy as a file', () => {
  it('comes back unchanged: what was exported changes nothing when it is imported', async () => {
    const { status, body } = await diff(await exported());
    expect([status, body.changes, body.effects]).toEqual([200, [], []]);
  });

  it('says what an import would do to whom before anything is done', async () => {
    const file = parse(await exported());
    file.grants = file.grants.filter((grant: { pattern: string }) => grant.pattern !== 'web.*');
    file.groups.find((group: { name: string }) => group.name === 'data-team').members = ['viewer'];
    file.grants.push({ group: 'data-team', pattern: 'ml.**', rights: ['subscribe'], reason: 'their own' });
    const { body } = await diff(stringify(file));
    expect(body.changes.map((change: { kind: string; what: string }) => [change.kind, change.what])).toEqual([
      ['add', 'member'],
      ['add', 'grant'],
      ['remove', 'grant'],
    ]);
    expect(body.effects).toMatchObject([
      { principal: { name: 'viewer' }, lost: ['web.cdn', 'web.frontend'], gained: ['ml.fraud'] },
    ]);
    expect(body.effects[0].text).toBe('removes viewer from 2 topics, lets viewer see 1 topic more');
    expect([sees('viewer', 'web.cdn'), sees('viewer', 'ml.fraud')]).toEqual([true, false]);
  });

  it('is applied as a whole, does what the diff said, and the audit log says that it was a file', async () => {
    const file = parse(await exported());
    file.groups = file.groups.filter((group: { name: string }) => group.name !== 'on-call');
    file.groups.push({ name: 'night shift', members: ['viewer'] });
    file.grants = file.grants.filter((grant: { group?: string }) => grant.group !== 'on-call');
    file.grants.push({ group: 'night shift', pattern: 'infra.**', rights: ['subscribe'] });
    file.owners.push({ pattern: 'logistics.**', group: 'night shift', sensitive: true });
    const yaml = stringify(file);
    const { body } = await diff(yaml);
    const done = await apply(yaml, body.version);
    expect(done.status).toBe(200);
    expect((await diff(yaml)).body.changes).toEqual([]);
    expect([sees('viewer', 'infra.hosts'), sees('operator', 'shop.cart')]).toEqual([true, false]);
    expect(kit.gatekeeper.owner('logistics.tracking')).toMatchObject({ owner: 'night shift', isSensitive: true });
    const { body: log } = await kit.ask('GET', '/api/audit?object=groups', admin);
    expect(log.rows[0]).toMatchObject({ actor: 'admin', note: 'policy file' });
  });

  it('is refused where the policy has changed since the diff', async () => {
    const file = parse(await exported());
    file.grants.push({ person: 'viewer', pattern: 'data.**', rights: ['history'], reason: 'x' });
    const yaml = stringify(file);
    const { body } = await diff(yaml);
    await kit.ask('POST', '/api/groups', admin, { name: 'in between' });
    const { status, body: answer } = await apply(yaml, body.version);
    expect([status, answer.error.field]).toEqual([409, 'version']);
    expect(sees('viewer', 'data.pipeline')).toBe(false);
  });

  it('names the place of a fault, and does not unfold what a small file could unfold to', async () => {
    const fault = async (yaml: string) => (await diff(yaml)).body.error?.field;
    expect(await fault('tidewatch: [')).toBe('yaml');
    expect(await fault('tidewatch: 2')).toBe('tidewatch');
    const file = (fields: object) => stringify({ tidewatch: 1, groups: [], owners: [], grants: [], ...fields });
    expect(await fault(file({ grants: [{ person: 'nobody', pattern: 'a', rights: ['subscribe'] }] }))).toBe(
      'grants.0.person',
    );
    expect(await fault(file({ grants: [{ person: 'viewer', pattern: 'a*', rights: ['subscribe'] }] }))).toBe(
      'grants.0.pattern',
    );
    expect(await fault(file({ owners: [{ pattern: 'a', group: 'none' }] }))).toBe('owners.0.group');
    expect(await fault('a: &a [1]\nb: *a')).toBe('yaml');
  });
});
