import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
// @ts-expect-error the package brings no types
import Provider from 'oidc-provider';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../../../infra/dev/free-port.ts';
import type { EmbeddedPostgres } from '../../../infra/postgres/embedded-postgres.ts';
import { temporaryPostgres } from '../../../infra/postgres/temporary-postgres.ts';
import { ownPath } from '../../src/http/oidc.ts';
import { createProvider } from '../../src/http/oidc-provider.ts';
import { type ApiKit, startApi } from './api-kit.ts';

// A real provider on loopback that lets in whoever `as` names, without asking.
const PUBLIC_URL = 'http://127.0.0.1:9';
const people: Record<string, Record<string, unknown>> = {};
let as = 'carol';
let postgres: EmbeddedPostgres;
let kit: ApiKit;
let issuing: Server;

beforeAll(async () => {
  postgres = await temporaryPostgres();
  const port = await freePort();
  const issuer = `http://127.0.0.1:${port}`;
  const provider = new Provider(issuer, {
    clients: [
      {
        ...{ client_id: 'tidewatch', client_secret: 'a-secret-of-the-test', grant_types: ['authorization_code'] },
        ...{ response_types: ['code'], redirect_uris: [`${PUBLIC_URL}/api/sign-in/oidc/callback`] },
      },
    ],
    scopes: ['openid', 'profile', 'email', 'groups'],
    claims: {
      openid: ['sub'],
      profile: ['name', 'preferred_username'],
      email: ['email', 'email_verified'],
      groups: ['groups'],
    },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_ctx: unknown, interaction: { uid: string }) => `/interaction/${interaction.uid}` },
    findAccount: (_ctx: unknown, id: string) => ({ accountId: id, claims: () => ({ sub: id, ...people[id] }) }),
    cookies: { keys: ['test'] },
    async loadExistingGrant(ctx: {
      oidc: {
        client: { clientId: string };
        session: { accountId: string };
        provider: { Grant: new (of: object) => { addOIDCScope(scope: string): void; save(): Promise<void> } };
      };
    }) {
      const grant = new ctx.oidc.provider.Grant({
        clientId: ctx.oidc.client.clientId,
        accountId: ctx.oidc.session.accountId,
      });
      grant.addOIDCScope('openid profile email groups');
      await grant.save();
      return grant;
    },
  });
  const answer = provider.callback();
  issuing = createServer((request, response) => {
    if (request.url?.startsWith('/interaction/'))
      void provider.interactionFinished(request, response, { login: { accountId: as } });
    else answer(request, response);
  });
  await new Promise<void>((resolve) => issuing.listen(port, '127.0.0.1', resolve));
  expect((issuing.address() as AddressInfo).port).toBe(port);
  const names = { label: 'Company', groupsClaim: 'groups', publicUrl: PUBLIC_URL };
  const client = { issuer, clientId: 'tidewatch', clientSecret: 'a-secret-of-the-test' };
  kit = await startApi(postgres.url, { provider: createProvider({ ...client, ...names }) });
});
afterAll(async () => {
  await kit?.stop();
  await new Promise((resolve) => issuing?.close(resolve));
  await postgres?.stop();
});

/** Follows the provider as a browser does, up to where it sends the browser back to us. */
async function throughProvider(from: string): Promise<string> {
  const jar = new Map<string, string>();
  for (let url = from, hop = 0; hop < 10; hop++) {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await fetch(url, { redirect: 'manual', headers: { cookie } });
    for (const line of answer.headers.getSetCookie()) {
      const [name = '', value = ''] = (line.split(';')[0] ?? '').split('=');
      jar.set(name, value);
    }
    const to = answer.headers.get('location');
    if (to === null) throw new Error(`the provider answered ${answer.status}: ${(await answer.text()).slice(0, 300)}`);
    url = new URL(to, url).href;
    if (url.startsWith(PUBLIC_URL)) return url.slice(PUBLIC_URL.length);
  }
  throw new Error('the provider goes in circles');
}

async function leave(next = '/topics?live=1') {
  const answer = await kit.server.inject({ url: `/api/sign-in/oidc?next=${encodeURIComponent(next)}` });
  const trip = answer.cookies.find((cookie) => cookie.name === 'tidewatch_trip');
  return { to: String(answer.headers.location), trip: trip?.value ?? '', status: answer.statusCode };
}

async function comeBack(url: string, trip: string) {
  const answer = await kit.server.inject({ url, headers: { cookie: `tidewatch_trip=${trip}` } });
  const login = answer.cookies.find((cookie) => cookie.name === 'tidewatch_login')?.value ?? '';
  return { to: answer.headers.location, login };
}

async function signInAs(who: string) {
  as = who;
  const { to, trip } = await leave();
  return comeBack(await throughProvider(to), trip);
}

describe('signing in through a real provider', () => {
  it('is offered, makes the person, joins the groups that it says, and goes on where one was', async () => {
    const { body: offer } = await kit.ask('GET', '/api/sign-in', null);
    expect(offer.providers).toEqual([{ id: 'oidc', label: 'Company', href: '/api/sign-in/oidc' }]);
    people.carol = {
      name: 'Carol',
      preferred_username: 'Carol C',
      email: 'carol@example.org',
      email_verified: true,
      groups: ['on-call', 'no such group'],
    };
    const { to, login } = await signInAs('carol');
    expect(to).toBe('/topics?live=1');
    const { body: me } = await kit.ask('GET', '/api/me', login);
    expect(me).toMatchObject({
      name: 'carol-c',
      displayName: 'Carol',
      email: 'carol@example.org',
      role: 'viewer',
      hasPassword: false,
    });
    expect(me.groups.map((group: { name: string }) => group.name)).toEqual(['on-call']);
    expect((await kit.ask('GET', '/api/topics/infra.hosts', login)).status).toBe(200);
  });

  it('takes a group away that the provider no longer says, and leaves one that an admin gave', async () => {
    const admin = await kit.signIn('admin');
    const { body } = await kit.ask('GET', '/api/groups', admin);
    const web = body.groups.find((group: { name: string }) => group.name === 'web-team').id;
    await kit.ask('PUT', `/api/groups/${web}/members/${kit.idOf('carol-c')}`, admin);
    people.carol = { ...people.carol, groups: [] };
    const { login } = await signInAs('carol');
    const { body: me } = await kit.ask('GET', '/api/me', login);
    expect(me.groups.map((group: { name: string }) => group.name)).toEqual(['web-team']);
  });

  it('never lets somebody become a local person by having their name or address elsewhere', async () => {
    people.mallory = {
      preferred_username: 'admin',
      email: 'admin@example.org',
      email_verified: true,
      groups: ['admins'],
    };
    const { login } = await signInAs('mallory');
    const { body: me } = await kit.ask('GET', '/api/me', login);
    expect([me.name, me.role]).toEqual(['admin-2', 'viewer']);
    expect((await kit.ask('GET', '/api/users', login)).status).toBe(403);
  });

  it('keeps disabled people out', async () => {
    const admin = await kit.signIn('admin');
    await kit.ask('PATCH', `/api/users/${kit.idOf('carol-c')}`, admin, { isDisabled: true });
    expect(await signInAs('carol')).toEqual({ to: '/login?problem=disabled', login: '' });
  });

  it('refuses an answer that belongs to another trip, one without a trip, and one that is used twice', async () => {
    as = 'dave';
    people.dave = { preferred_username: 'dave' };
    const [mine, other] = [await leave(), await leave()];
    const back = await throughProvider(mine.to);
    expect(await comeBack(back, other.trip)).toEqual({ to: '/login?problem=refused', login: '' });
    expect(await comeBack(back, '')).toEqual({ to: '/login?problem=expired', login: '' });
    const again = await leave();
    const good = await throughProvider(again.to);
    expect((await comeBack(good, again.trip)).login).not.toBe('');
    expect((await comeBack(good, again.trip)).login).toBe('');
  });

  it('goes on only to a path of ours', () => {
    for (const next of [
      '//evil.example',
      '/\\evil.example',
      'https://evil.example',
      'javascript:alert(1)',
      '',
      '/a\n/b',
      undefined,
    ])
      expect(ownPath(next)).toBe('/');
    expect(ownPath('/d/shop?window=15m')).toBe('/d/shop?window=15m');
  });
});
