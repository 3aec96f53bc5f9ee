// Signing in and out. A wrong name and a wrong password cost the same time and get the same answer; too many wrong ones
// lock the name for a while. Signing in always makes a new login, so that a planted cookie is worth nothing.
import { Me } from '@tidewatch/schemas/api-me';
import { Done } from '@tidewatch/schemas/api-principal';
import { ScreenBody, SignInBody, SignInOffer } from '@tidewatch/schemas/api-sign-in';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { LOGIN_COOKIE, loginSecret } from '../access/authenticator.ts';
import { hashSecret, newSecret } from '../access/password.ts';
import type { Actor } from '../store/database.ts';
import { DEMO_PEOPLE } from '../store/demo.ts';
import { LOGIN_MAX_MS } from '../store/logins.ts';
import type { ApiContext } from './api-context.ts';
import { ApiFault } from './api-fault.ts';
import { meOf } from './me.ts';
import { OIDC_PATH } from './oidc-provider.ts';

const USER_AGENT_MAX_CHARS = 200;
/** Attempts of one address within a minute. */
export const ATTEMPTS_PER_ADDRESS_MAX = 60;
const ADDRESSES_MAX = 10_000;

export const signIn: FastifyPluginAsyncZod<ApiContext> = async (server, context) => {
  const { store, passwords, gatekeeper, authenticator, isDemo, provider = null } = context;
  const attempts = createAttempts(() => context.clock.monotonic());
  const audience = (name: 'public' | 'account') => ({ config: { audience: name } });

  /** Only those who are there: a database that was made without the demo has other people. */
  const demoPeople = () => {
    const names = new Set(Array.from(gatekeeper.policy().principals.values(), (principal) => principal.name));
    return DEMO_PEOPLE.filter(({ name }) => names.has(name)).map(({ name, password, role, about }) => ({
      ...{ name, password, role, about },
    }));
  };

  server.get('/api/sign-in', { ...audience('public'), schema: { response: { 200: SignInOffer } } }, async () => ({
    demo: isDemo ? demoPeople() : [],
    providers: provider ? [{ id: 'oidc', label: provider.label, href: OIDC_PATH }] : [],
  }));

  server.post(
    '/api/sign-in',
    { ...audience('public'), schema: { body: SignInBody, response: { 200: Me } } },
    async (request, reply) => {
      const { name, password } = request.body;
      if (!attempts.take(request.ip))
        throw new ApiFault('too_many', 'Too many attempts from this address: wait a minute.', { retryAfter: 60 });
      await refuseLocked(name);
      const found = await store.people.passwordOf(name);
      const isRight = await passwords.check(found?.hash ?? null, password);
      if (isRight === 'busy')
        throw new ApiFault('unavailable', 'Too many people sign in at once: try again.', { retryAfter: 2 });
      if (!found || !isRight || found.isDisabled) {
        await store.failures.failed(name);
        const actor = { kind: 'nobody', id: null, name: name.slice(0, 100), address: request.ip };
        await store.audit.note(actor, { action: 'sign_in_failed', object: 'logins', objectId: found?.userId ?? null });
        throw new ApiFault('signed_out', 'User name or password is wrong.');
      }
      await store.failures.cleared(name);
      const login = await openLogin(store, request, reply, { userId: found.userId, name: found.name });
      const principal = gatekeeper.principal(found.userId);
      if (!principal) throw new ApiFault('unavailable', 'The policy is not read yet: try again.', { retryAfter: 1 });
      const credential = { kind: 'login', id: login.id } as const;
      return meOf(context, { principal, credential, ends: login.ends });
    },
  );

  /** A screen brings its token once, from behind the # of its address, and goes on with a cookie. */
  server.post(
    '/api/sign-in/screen',
    { ...audience('public'), schema: { body: ScreenBody, response: { 200: Me } } },
    async (request, reply) => {
      if (!attempts.take(request.ip))
        throw new ApiFault('too_many', 'Too many attempts from this address: wait a minute.', { retryAfter: 60 });
      const { token } = request.body;
      const identified = await authenticator.identify({ authorization: `Bearer ${token}` });
      if (identified?.principal.kind !== 'screen')
        throw new ApiFault('signed_out', 'This screen token is not valid any more: ask for a new link.');
      setCookie(request, reply, token);
      return meOf(context, identified);
    },
  );

  async function refuseLocked(name: string): Promise<void> {
    const seconds = await store.failures.lockedFor(name);
    if (seconds > 0)
      throw new ApiFault('too_many', `Too many wrong passwords: try again in ${seconds} s.`, { retryAfter: seconds });
  }

  server.post(
    '/api/sign-out',
    { ...audience('account'), schema: { response: { 200: Done } } },
    async (request, reply) => {
      const identified = request.identified;
      if (identified?.credential.kind === 'login') {
        const { id, name, kind } = identified.principal;
        await store.logins.end({ kind, id, name, address: request.ip }, id, identified.credential.id);
      }
      reply.clearCookie(LOGIN_COOKIE, { path: '/' });
      return { isDone: true as const };
    },
  );
};

/** Makes a login and sets its cookie; the login of a cookie that came along ends. */
export async function openLogin(
  store: ApiContext['store'],
  request: FastifyRequest,
  reply: FastifyReply,
  user: { userId: string; name: string },
) {
  const secret = newSecret();
  const before = loginSecret(request.headers.cookie);
  const actor: Actor = { kind: 'person', id: user.userId, name: user.name, address: request.ip };
  const login = await store.logins.create(actor, {
    secretHash: hashSecret(secret),
    userId: user.userId,
    userAgent: (request.headers['user-agent'] ?? '').slice(0, USER_AGENT_MAX_CHARS),
    address: request.ip,
    before: before === null ? null : hashSecret(before),
  });
  setCookie(request, reply, secret);
  return login;
}

function setCookie(request: FastifyRequest, reply: FastifyReply, secret: string): void {
  const secure = request.protocol === 'https';
  const maxAge = Math.floor(LOGIN_MAX_MS / 1000);
  reply.setCookie(LOGIN_COOKIE, secret, { path: '/', httpOnly: true, sameSite: 'lax', secure, maxAge });
}

/** Counts attempts by address within the running minute. */
function createAttempts(monotonic: () => number): { take(address: string): boolean } {
  let minute = 0;
  let counts = new Map<string, number>();
  return {
    take(address) {
      const now = Math.floor(monotonic() / 60_000);
      if (now !== minute || counts.size >= ADDRESSES_MAX) counts = new Map();
      minute = now;
      const count = (counts.get(address) ?? 0) + 1;
      counts.set(address, count);
      return count <= ATTEMPTS_PER_ADDRESS_MAX;
    },
  };
}
