import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EmbeddedPostgres } from '../../../infra/postgres/embedded-postgres.ts';
import { temporaryPostgres } from '../../../infra/postgres/temporary-postgres.ts';
import { type ApiKit, startApi } from './api-kit.ts';

let postgres: EmbeddedPostgres;
let kit: ApiKit;
let admin: string;
let operator: string;
let viewer: string;
beforeAll(async () => {
  postgres = await temporaryPostgres();
  kit = await startApi(postgres.url);
  [admin, operator, viewer] = [await kit.signIn('admin'), await kit.signIn('operator'), await kit.signIn('viewer')];
});
afterAll(async () => {
  await kit?.stop();
  await postgres?.stop();
});

const inHours = (hours: number) => Date.now() + hours * 3_600_000;
const to = (name: string) => [{ kind: 'person', id: kit.idOf(name) }];
const grant = (fields: object) => ({
  ...{ who: to('viewer'), patterns: ['logistics.**'], rights: ['subscribe'], until: inHours(8) },
  ...fields,
});
const rightsOf = async (login: string, topic: string) => {
  const { body } = await kit.ask('GET', '/api/topics', login);
  return body.topics.find((row: { topic: string }) => row.topic === topic).rights;
};

describe('a grant', () => {
  it('is in force when the answer comes, and gone when its revoke is answered', async () => {
    expect(await rightsOf(viewer, 'logistics.tracking')).toEqual([]);
    const made = await kit.ask('POST', '/api/grants', admin, grant({}));
    expect([made.status, made.body.grants[0].matches, made.body.grants[0].by]).toEqual([200, 1, 'admin']);
    expect(await rightsOf(viewer, 'logistics.tracking')).toEqual(['subscribe']);
    const revoked = await kit.ask('DELETE', `/api/grants/${made.body.grants[0].id}`, admin);
    expect([revoked.status, revoked.body.stillAllowedBy]).toEqual([200, []]);
    expect(await rightsOf(viewer, 'logistics.tracking')).toEqual([]);
  });

  it('says on revoke which other rules still let the person in', async () => {
    const made = await kit.ask('POST', '/api/grants', admin, grant({ patterns: ['web.cdn'] }));
    const revoked = await kit.ask('DELETE', `/api/grants/${made.body.grants[0].id}`, admin);
    expect(revoked.body.stillAllowedBy).toMatchObject([{ pattern: 'web.*', via: { kind: 'direct' } }]);
  });

  it('asks for a reason where it is everything, sensitive or without an end, and names the field', async () => {
    for (const fields of [{ patterns: ['**'] }, { patterns: ['ml.fraud'] }, { until: null }]) {
      const { status, body } = await kit.ask('POST', '/api/grants', admin, grant(fields));
      expect([status, body.error.field]).toEqual([400, 'reason']);
    }
    const past = await kit.ask('POST', '/api/grants', admin, grant({ until: 1 }));
    expect([past.status, past.body.error.field]).toEqual([400, 'until']);
    const odd = await kit.ask('POST', '/api/grants', admin, grant({ patterns: ['shop.**', 'shop*'] }));
    expect([odd.status, odd.body.error.field]).toEqual([400, 'patterns.1']);
    expect(odd.body.error.message).toMatch(/whole segment/);
  });

  it('to a group needs no end, and a pattern that matches nothing today is taken and said to', async () => {
    const group = kit.gatekeeper.policy().groups.values().next().value?.id;
    const fields = { who: [{ kind: 'group', id: group }], patterns: ['not.yet.**'], until: null };
    const { status, body } = await kit.ask('POST', '/api/grants', admin, grant(fields));
    expect([status, body.grants[0].matches, body.grants[0].until]).toEqual([200, 0, null]);
  });

  it('changed by two admins at once is changed by the first, and the second is told', async () => {
    const made = await kit.ask('POST', '/api/grants', admin, grant({}));
    const { id, revision } = made.body.grants[0];
    const [first, second] = await Promise.all(
      [9, 10].map((hours) => kit.ask('PATCH', `/api/grants/${id}`, admin, { revision, until: inHours(hours) })),
    );
    expect([first?.status, second?.status].sort()).toEqual([200, 409]);
    const loser = first?.status === 409 ? first : second;
    expect(loser?.body.error).toMatchObject({ code: 'conflict', field: 'revision' });
    await kit.ask('DELETE', `/api/grants/${id}`, admin);
  });

  it('for many people and patterns is made as a whole or not at all', async () => {
    const before = (await kit.ask('GET', '/api/grants', admin)).body.grants.length;
    const nobody = { kind: 'person', id: '00000000-0000-4000-8000-000000000000' };
    const { status } = await kit.ask('POST', '/api/grants', admin, grant({ who: [...to('viewer'), nobody] }));
    expect(status).toBe(400);
    expect((await kit.ask('GET', '/api/grants', admin)).body.grants.length).toBe(before);
  });
});

describe('an owner', () => {
  it('grants on the topics of their group, to others, and nowhere else', async () => {
    const own = await kit.ask('POST', '/api/grants', operator, grant({ patterns: ['infra.hosts'] }));
    expect([own.status, own.body.grants?.[0].by]).toEqual([200, 'operator']);
    const foreign = await kit.ask('POST', '/api/grants', operator, grant({ patterns: ['shop.cart'] }));
    expect([foreign.status, foreign.body.error.field]).toEqual([403, 'patterns.0']);
    expect((await kit.ask('POST', '/api/grants', operator, grant({ patterns: ['**'], reason: 'x' }))).status).toBe(403);
    const self = await kit.ask(
      'POST',
      '/api/grants',
      operator,
      grant({ who: to('operator'), patterns: ['infra.hosts'] }),
    );
    expect([self.status, self.body.error.field]).toEqual([403, 'who']);
    const { body } = await kit.ask('GET', '/api/grants', operator);
    expect(body.mayGrant.sort()).toEqual(['infra.**', 'status.**']);
    for (const row of body.grants) expect(row.pattern).toMatch(/^(infra|status)\./);
  });
});

describe('the preview', () => {
  it('says what matches, what is new for whom, and what asks for a reason', async () => {
    const { body } = await kit.ask('POST', '/api/grants/preview', admin, grant({ patterns: ['web.*', 'ml.**'] }));
    expect([body.matched, body.topics, body.sensitive]).toEqual([3, 9, 1]);
    expect(body.people).toMatchObject([{ principal: { name: 'viewer' }, added: 1, already: 2 }]);
    expect(body.reasonNeeded).toEqual(['sensitive']);
    const { body: refused } = await kit.ask('POST', '/api/grants/preview', viewer, grant({}));
    expect(refused.refused).toMatch(/Only admins/);
  });
});

describe('explain', () => {
  it('gives the verdict of the enforcer with the rules behind it', async () => {
    const about = async (name: string, topic: string) =>
      (await kit.ask('GET', `/api/explain?principal=${kit.idOf(name)}&action=subscribe&topic=${topic}`, admin)).body;
    expect(await about('operator', 'payments.eu.latency')).toMatchObject({
      ...{ isAllowed: true, owner: 'payments-team', isSensitive: false, scope: 'all' },
      path: [
        { outcome: 'allows', rule: { pattern: 'payments.eu.**', via: { kind: 'group', group: { name: 'on-call' } } } },
      ],
    });
    expect(await about('viewer', 'shop.cart')).toMatchObject({ isAllowed: true, scope: [{ region: 'eu' }] });
    expect(await about('viewer', 'ml.fraud')).toMatchObject({
      isAllowed: false,
      reason: 'no_rule',
      owner: 'data-team',
      path: [],
    });
    const who = (await kit.ask('GET', '/api/explain/who?topic=ml.fraud&action=subscribe', admin)).body;
    expect(who.who.map((one: { principal: { name: string } }) => one.principal.name)).toEqual(['admin']);
  });
});

describe('an access request', () => {
  it('is seen by who may decide it, is not decided by who asks, and its approval lets the person in', async () => {
    const asked = await kit.ask('POST', '/api/requests', viewer, {
      pattern: 'infra.hosts',
      until: inHours(2),
      reason: 'on call today',
    });
    expect(asked.body).toMatchObject({ owner: 'platform-team', mayDecide: false, isOwn: true, state: 'open' });
    const inbox = await kit.ask('GET', '/api/requests', operator);
    expect([inbox.body.open, inbox.body.requests[0].mayDecide]).toEqual([1, true]);
    expect((await kit.ask('POST', `/api/requests/${asked.body.id}/approve`, viewer, {})).status).toBe(403);
    const until = inHours(1);
    const approved = await kit.ask('POST', `/api/requests/${asked.body.id}/approve`, operator, {
      until,
      rights: ['subscribe'],
    });
    expect([approved.status, approved.body.state, approved.body.decidedBy]).toEqual([200, 'approved', 'operator']);
    expect(await rightsOf(viewer, 'infra.hosts')).toContain('subscribe');
    expect((await kit.ask('POST', `/api/requests/${asked.body.id}/deny`, admin, { answer: 'no' })).status).toBe(409);
  });
});

describe('a token', () => {
  it('is shown once, works within its scope, and stops when revoked', async () => {
    const made = await kit.ask('POST', '/api/tokens', admin, {
      name: 'robot',
      rights: ['publish'],
      patterns: ['shop.*'],
      expires: null,
    });
    const { secret, token } = made.body;
    expect(secret.startsWith(token.prefix)).toBe(true);
    expect(JSON.stringify((await kit.ask('GET', '/api/tokens', admin)).body)).not.toContain(secret);
    const publish = (topic: string) => kit.ask('POST', '/api/ingest', secret, { topic, metric: 'm', value: 1 });
    expect((await publish('shop.cart')).body).toEqual({ accepted: 1, rejected: [] });
    expect((await publish('web.cdn')).status).toBe(403);
    await kit.ask('DELETE', `/api/tokens/${token.id}`, admin);
    expect((await publish('shop.cart')).status).toBe(401);
  });

  it('goes on with its old secret for the overlap after a rotation', async () => {
    const made = await kit.ask('POST', '/api/tokens', admin, {
      name: 'r',
      rights: ['subscribe'],
      patterns: ['shop.*'],
      expires: null,
    });
    const fresh = await kit.ask('POST', `/api/tokens/${made.body.token.id}/rotate`, admin, { overlapMs: 400 });
    expect(fresh.body.token.replaces).toBe(made.body.token.id);
    const works = async (secret: string) => (await kit.ask('GET', '/api/topics', secret)).status;
    expect([await works(made.body.secret), await works(fresh.body.secret)]).toEqual([200, 200]);
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect([await works(made.body.secret), await works(fresh.body.secret)]).toEqual([401, 200]);
  });

  it('of a person never reaches further than they do', async () => {
    const wide = await kit.ask('POST', '/api/tokens', viewer, {
      name: 'mine',
      rights: ['subscribe'],
      patterns: ['ml.*'],
      expires: inHours(1),
    });
    expect([wide.status, wide.body.error.field]).toEqual([403, 'patterns.0']);
    const made = await kit.ask('POST', '/api/tokens', viewer, {
      name: 'mine',
      rights: ['subscribe'],
      patterns: ['shop.*'],
      expires: inHours(1),
    });
    const seen = await kit.ask('GET', '/api/topics/shop.cart', made.body.secret);
    expect([seen.status, seen.body.scope]).toEqual([200, [{ region: 'eu' }]]);
  });

  it('of a screen becomes a cookie that only reads', async () => {
    const made = await kit.ask('POST', '/api/tokens', admin, {
      name: 'wall',
      kind: 'screen',
      rights: ['subscribe'],
      patterns: ['web.*'],
      expires: null,
    });
    const { answer } = await kit.ask('POST', '/api/sign-in/screen', null, { token: made.body.secret });
    const cookie = answer.cookies[0]?.value ?? '';
    const asScreen = await kit.server.inject({
      url: '/api/topics/web.cdn',
      headers: { cookie: `tidewatch_login=${cookie}` },
    });
    expect(asScreen.statusCode).toBe(200);
    const service = await kit.ask('POST', '/api/tokens', admin, {
      name: 's',
      rights: ['subscribe'],
      patterns: ['web.*'],
      expires: null,
    });
    expect((await kit.ask('POST', '/api/sign-in/screen', null, { token: service.body.secret })).status).toBe(401);
  });
});

describe('ingest', () => {
  it('takes what is right of a batch and names the rest by place, field and fix', async () => {
    const samples = [{ metric: 'm', value: 1 }, { metric: 'm', value: '2' }, { value: 3 }];
    const { status, body } = await kit.ask('POST', '/api/ingest', admin, { topic: 'shop.cart', samples });
    expect([status, body.accepted]).toEqual([200, 1]);
    expect(body.rejected).toMatchObject([
      { index: 1, field: 'value' },
      { index: 2, field: 'metric' },
    ]);
    const none = await kit.ask('POST', '/api/ingest', admin, { topic: 'shop.cart', metric: 'm', value: 'x' });
    expect([none.status, none.body.error.field]).toEqual([400, 'value']);
    const bad = await kit.ask('POST', '/api/ingest', admin, { topic: 'shop cart', metric: 'm', value: 1 });
    expect([bad.status, bad.body.error.field]).toEqual([400, 'topic']);
  });
});

describe('the audit log', () => {
  it('is told of refusals, is filtered by the URL, and comes as files that a spreadsheet does not run', async () => {
    await kit.ask('GET', '/api/topics/ml.fraud', viewer);
    await kit.store.audit.flush();
    const { body } = await kit.ask(
      'GET',
      '/api/audit?action=refused&actor=viewer&object=topic&objectId=ml.fraud',
      admin,
    );
    expect(body.rows).toMatchObject([{ actor: 'viewer', note: 'subscribe' }]);
    await kit.ask('POST', '/api/groups', admin, { name: 'formula', description: '=1+1' });
    const csv = (
      await kit.server.inject({ url: '/api/audit.csv?object=groups', headers: { cookie: `tidewatch_login=${admin}` } })
    ).body;
    expect(csv.split('\n')[0]).toMatch(/^id,at,actorKind/);
    expect(csv).toMatch(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/);
    const jsonl = (
      await kit.server.inject({
        url: '/api/audit.jsonl?object=groups',
        headers: { cookie: `tidewatch_login=${admin}` },
      })
    ).body;
    for (const line of jsonl.trim().split('\n')) expect(JSON.parse(line).object).toBe('groups');
  });
});
