import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EmbeddedPostgres } from '../../../infra/postgres/embedded-postgres.ts';
import { temporaryPostgres } from '../../../infra/postgres/temporary-postgres.ts';
import { type ApiKit, startApi } from './api-kit.ts';

let postgres: EmbeddedPostgres;
let kit: ApiKit;
beforeAll(async () => {
  postgres = await temporaryPostgres();
  kit = await startApi(postgres.url);
});
afterAll(async () => {
  await kit?.stop();
  await postgres?.stop();
});

describe('signing in', () => {
  it('offers the demo people in a demo and lets each of them in', async () => {
    const { body } = await kit.ask('GET', '/api/sign-in', null);
    expect(body.demo.map((one: { name: string }) => one.name)).toEqual(['admin', 'operator', 'viewer']);
    for (const { name, password } of body.demo) {
      const login = await kit.signIn(name, password);
      const { status, body: me } = await kit.ask('GET', '/api/me', login);
      expect([status, me.name, me.mustChangePassword]).toEqual([200, name, false]);
    }
  });

  it('sets a cookie that no script and no other site can use', async () => {
    const { answer } = await kit.ask('POST', '/api/sign-in', null, { name: 'viewer', password: 'viewer' });
    const header = String(answer.headers['set-cookie']);
    expect(header).toMatch(/HttpOnly/);
    expect(header).toMatch(/SameSite=Lax/);
    expect(header).not.toMatch(/Secure/);
    expect(answer.body).not.toContain(answer.cookies[0]?.value);
  });

  it('gives one answer for a wrong name and a wrong password', async () => {
    const nobody = await kit.ask('POST', '/api/sign-in', null, { name: 'no.body', password: 'whatever' });
    const wrong = await kit.ask('POST', '/api/sign-in', null, { name: 'operator', password: 'whatever' });
    expect(nobody.status).toBe(401);
    expect(nobody.body).toEqual(wrong.body);
  });

  it('makes a new login each time and ends the one whose cookie came along', async () => {
    const first = await kit.signIn('viewer');
    const again = await kit.server.inject({
      method: 'POST',
      url: '/api/sign-in',
      headers: { 'x-tidewatch': '1', cookie: `tidewatch_login=${first}` },
      payload: { name: 'viewer', password: 'viewer' },
    });
    const second = again.cookies[0]?.value ?? '';
    expect(second).not.toBe(first);
    expect((await kit.ask('GET', '/api/me', first)).status).toBe(401);
    expect((await kit.ask('GET', '/api/me', second)).status).toBe(200);
  });

  it('does not take a login that somebody else chose', async () => {
    const planted = 'chosen-by-somebody-else';
    const answer = await kit.server.inject({
      method: 'POST',
      url: '/api/sign-in',
      headers: { 'x-tidewatch': '1', cookie: `tidewatch_login=${planted}` },
      payload: { name: 'viewer', password: 'viewer' },
    });
    expect(answer.cookies[0]?.value).not.toBe(planted);
    expect((await kit.ask('GET', '/api/me', planted)).status).toBe(401);
  });

  it('ends the login at sign-out, on the server and not only in the browser', async () => {
    const login = await kit.signIn('viewer');
    expect((await kit.ask('POST', '/api/sign-out', login)).status).toBe(200);
    expect((await kit.ask('GET', '/api/me', login)).status).toBe(401);
  });

  it('locks a name after wrong passwords, also one that nobody has, and says for how long', async () => {
    for (const name of ['nobody.at.all', 'locked.out']) {
      if (name === 'locked.out') {
        const admin = await kit.signIn('admin');
        expect((await kit.ask('POST', '/api/users', admin, { name })).status).toBe(200);
      }
      const statuses: number[] = [];
      for (let i = 0; i < 6; i++)
        statuses.push((await kit.ask('POST', '/api/sign-in', null, { name, password: 'wrong' })).status);
      expect(statuses, name).toEqual([401, 401, 401, 401, 401, 429]);
      const { body, headers } = await kit.ask('POST', '/api/sign-in', null, { name, password: 'wrong' });
      expect(body.error.code).toBe('too_many');
      expect(Number(headers['retry-after'])).toBeGreaterThan(0);
    }
  });

  it('takes the same time for a name that exists and one that does not', async () => {
    const time = async (name: string): Promise<number> => {
      const from = performance.now();
      await kit.ask('POST', '/api/sign-in', null, { name, password: 'not the password' });
      return performance.now() - from;
    };
    const known: number[] = [];
    const unknown: number[] = [];
    const admin = await kit.signIn('admin');
    for (let i = 0; i < 12; i++) {
      const { body } = await kit.ask('POST', '/api/users', admin, { name: `person${i}` });
      known.push(await time(body.user.name));
      unknown.push(await time(`stranger${i}`));
    }
    const median = (times: number[]): number => times.sort((a, b) => a - b)[times.length / 2] ?? 0;
    // A password check is at least 5 ms here; an answer without one would be far below it.
    expect(median(unknown)).toBeGreaterThan(median(known) * 0.6);
    expect(median(unknown)).toBeLessThan(median(known) * 1.6);
  });
});

describe('a new person', () => {
  it('may do nothing but change the one-time password, and then works', async () => {
    const admin = await kit.signIn('admin');
    const made = await kit.ask('POST', '/api/users', admin, { name: 'alice', role: 'admin' });
    const login = await kit.signIn('alice', made.body.password);
    const blocked = await kit.ask('GET', '/api/topics', login);
    expect([blocked.status, blocked.body.error.field]).toEqual([403, 'password']);
    const short = await kit.ask('POST', '/api/me/password', login, { current: made.body.password, next: 'short' });
    expect([short.status, short.body.error.field]).toEqual([400, 'next']);
    const changed = await kit.ask('POST', '/api/me/password', login, {
      current: made.body.password,
      next: 'a long enough one',
    });
    expect([changed.status, changed.body.mustChangePassword]).toEqual([200, false]);
    expect((await kit.ask('GET', '/api/topics', login)).status).toBe(200);
    expect((await kit.ask('POST', '/api/sign-in', null, { name: 'alice', password: made.body.password })).status).toBe(
      401,
    );
  });

  it('is out at once when disabled, and the last admin cannot be', async () => {
    const admin = await kit.signIn('admin');
    const { body } = await kit.ask('POST', '/api/users', admin, { name: 'bob' });
    const login = await kit.signIn('bob', body.password);
    expect((await kit.ask('GET', '/api/me', login)).status).toBe(200);
    await kit.ask('PATCH', `/api/users/${body.user.id}`, admin, { isDisabled: true });
    expect((await kit.ask('GET', '/api/me', login)).status).toBe(401);
    await kit.ask('PATCH', `/api/users/${kit.idOf('alice')}`, admin, { role: 'viewer' });
    const last = await kit.ask('PATCH', `/api/users/${kit.idOf('admin')}`, admin, { role: 'viewer' });
    expect([last.status, last.body.error.code]).toEqual([409, 'conflict']);
    expect((await kit.ask('DELETE', `/api/users/${kit.idOf('admin')}`, admin)).status).toBe(409);
  });
});

describe('a write', () => {
  it('is refused from another origin and without our header', async () => {
    const login = await kit.signIn('viewer');
    const post = (headers: Record<string, string>) =>
      kit.server.inject({
        method: 'POST',
        url: '/api/sign-out',
        headers: { cookie: `tidewatch_login=${login}`, ...headers },
      });
    const foreign = await post({ 'x-tidewatch': '1', origin: 'https://evil.example', host: 'localhost:8080' });
    expect([foreign.statusCode, foreign.json().error.code]).toEqual([403, 'forbidden']);
    const bare = await post({});
    expect([bare.statusCode, bare.json().error.field]).toEqual([403, 'x-tidewatch']);
    expect((await kit.ask('GET', '/api/me', login)).status).toBe(200);
    const own = await post({ 'x-tidewatch': '1', origin: 'http://localhost:8080', host: 'localhost:8080' });
    expect(own.statusCode).toBe(200);
  });
});
