import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EmbeddedPostgres } from '../../../infra/postgres/embedded-postgres.ts';
import { temporaryPostgres } from '../../../infra/postgres/temporary-postgres.ts';
import { AUDIENCES } from '../../src/http/guard.ts';
import { type ApiKit, startApi } from './api-kit.ts';

// Walks the route table: a route that is added is asked here without anybody having to think of it.

let postgres: EmbeddedPostgres;
let kit: ApiKit;
let admin: string;
let viewer: string;
let theirs: Record<string, string>;
let token: string;

beforeAll(async () => {
  postgres = await temporaryPostgres();
  kit = await startApi(postgres.url);
  admin = await kit.signIn('admin');
  viewer = await kit.signIn('viewer');
  // One thing of every kind that belongs to somebody else.
  const made = await kit.ask('POST', '/api/tokens', admin, {
    ...{ name: 'robot', rights: ['subscribe'], patterns: ['web.*'], expires: null },
  });
  token = made.body.secret;
  const operator = await kit.signIn('operator');
  const request = await kit.ask('POST', '/api/requests', operator, {
    pattern: 'ml.fraud',
    until: null,
    reason: 'incident',
  });
  const logins = await kit.ask('GET', '/api/me/logins', operator);
  const grants = await kit.ask('GET', '/api/grants', admin);
  const groups = await kit.ask('GET', '/api/groups', admin);
  theirs = {
    tokens: made.body.token.id,
    requests: request.body.id,
    logins: logins.body.logins[0].id,
    grants: grants.body.grants[0].id,
    groups: groups.body.groups[0].id,
    users: kit.idOf('operator'),
    sessions: 'some-session',
  };
});
afterAll(async () => {
  await kit?.stop();
  await postgres?.stop();
});

type Method = Parameters<ApiKit['ask']>[0];

/** The address with what belongs to somebody else in its places. */
function addressed(url: string): string {
  const noun = /\/([a-z]+)\/:id/.exec(url)?.[1] ?? '';
  return url
    .replace(':id', theirs[noun] ?? 'missing')
    .replace(':user', theirs.users ?? '')
    .replace(':topic', 'ml.fraud');
}

/** A body that the schema takes, so that it is the rule that refuses and not the form. */
const BODIES: Record<string, unknown> = {
  'POST /api/users': { name: 'made.by.walk' },
  'PATCH /api/users/:id': { role: 'viewer' },
  'POST /api/users/:id/kick': {},
  'POST /api/sessions/:id/kick': {},
  'POST /api/grants/:id/kick': {},
  'POST /api/groups': { name: 'made by walk' },
  'PATCH /api/groups/:id': { description: 'walked' },
  'PUT /api/owners': { pattern: 'a.b', group: '00000000-0000-4000-8000-000000000000' },
  'PATCH /api/grants/:id': { revision: 1, reason: 'walked' },
  'POST /api/tokens/:id/rotate': {},
  'POST /api/requests/:id/approve': {},
  'POST /api/requests/:id/deny': { answer: 'walked' },
  'POST /api/policy/diff': { yaml: '' },
  'POST /api/policy': { yaml: '', version: 1 },
};

const walk = () => kit.routes.filter(({ method, url }) => method !== 'HEAD' && url.startsWith('/api/'));
const ask = ({ method, url }: { method: string; url: string }, as: string | null) => {
  const query: Record<string, string> = {
    '/api/explain': `?principal=${theirs.users}&action=subscribe&topic=ml.fraud`,
    '/api/explain/who': '?topic=ml.fraud',
    '/api/owners': method === 'DELETE' ? '?pattern=shop.**' : '',
    '/api/history': '?topic=ml.fraud&from=0&to=1000',
    '/api/rejects': '?topic=ml.fraud',
  };
  return kit.ask(method as Method, addressed(url) + (query[url] ?? ''), as, BODIES[`${method} ${url}`]);
};

describe('every route', () => {
  it('says whom it is for', () => {
    expect(walk().length).toBeGreaterThan(45);
    for (const route of walk()) expect(AUDIENCES, `${route.method} ${route.url}`).toContain(route.audience);
  });

  it('answers 401 to who is not signed in, unless it is public', async () => {
    for (const route of walk()) {
      if (route.audience === 'public') continue;
      const { status, body } = await ask(route, null);
      expect([route.url, status, body.error.code]).toEqual([route.url, 401, 'signed_out']);
    }
  });

  it('of admins answers 403 to everybody else and changes nothing', async () => {
    const changes = async () =>
      (
        await kit.store.database.pool.query(
          `select count(*)::int as n from audit where action in ('insert', 'update', 'delete', 'kick')`,
        )
      ).rows[0].n;
    const before = await changes();
    for (const route of walk()) {
      if (route.audience !== 'admin') continue;
      for (const who of [viewer, token]) {
        const { status, body } = await ask(route, who);
        expect([route.method, route.url, status, body.error.code]).toEqual([route.method, route.url, 403, 'forbidden']);
      }
    }
    expect(await changes()).toBe(before);
  });

  it('refuses what belongs to somebody else, by id or by name, and changes nothing of it', async () => {
    const before = await everything();
    for (const route of walk()) {
      if (route.audience === 'admin' || route.audience === 'public') continue;
      if (!/:(id|topic)/.test(route.url) && !/history|rejects/.test(route.url)) continue;
      const { status } = await ask(route, viewer);
      expect([403, 404], `${route.method} ${route.url} said ${status}`).toContain(status);
    }
    expect(await everything()).toEqual(before);
  });

  it('for people answers 403 to a token', async () => {
    for (const route of walk()) {
      if (route.audience !== 'person') continue;
      const { status } = await ask(route, token);
      expect([route.method, route.url, status]).toEqual([route.method, route.url, 403]);
    }
  });

  it('takes a secret from headers only: one in an address is nothing', async () => {
    for (const url of [`/api/me?token=${token}`, `/api/me?access_token=${token}`, `/api/topics?authorization=${token}`])
      expect((await kit.ask('GET', url, null)).status).toBe(401);
    expect((await kit.ask('GET', '/api/topics', token)).status).toBe(200);
  });
});

async function everything(): Promise<unknown> {
  const tables = ['users', 'grants', 'groups', 'memberships', 'tokens', 'topic_owners', 'access_requests', 'passwords'];
  const read = tables.map(async (table) => {
    const { rows } = await kit.store.database.pool.query(
      `select to_jsonb(t) - 'last_used' as row from ${table} t order by 1`,
    );
    return [table, rows];
  });
  return Promise.all(read);
}
