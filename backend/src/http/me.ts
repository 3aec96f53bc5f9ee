// Who I am here, what I may see and why, my logins and my password.
import { EffectiveAccess } from '@tidewatch/schemas/api-access';
import { Logins, Me } from '@tidewatch/schemas/api-me';
import { Done, IdParams } from '@tidewatch/schemas/api-principal';
import { ChangePasswordBody } from '@tidewatch/schemas/api-sign-in';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type { Identified } from '../access/authenticator.ts';
import { effectiveAccess } from '../access/effective-access.ts';
import { type ApiContext, topicNames } from './api-context.ts';
import { ApiFault, notFound } from './api-fault.ts';
import { actorOf, callerOf } from './guard.ts';

export async function meOf({ store, gatekeeper }: ApiContext, { principal, ends }: Identified): Promise<Me> {
  const { kind, id, name, displayName, email, role, groups, state } = principal;
  return {
    ...{ kind, id, name, displayName, email, role, groups: [...groups] },
    mustChangePassword: state === 'must_change_password',
    // Unknown while the database is away: the answer must not depend on it.
    hasPassword: kind === 'person' && (await store.people.hasPassword(id).catch(() => true)),
    loginEnds: ends,
    policyVersion: gatekeeper.policy().version,
    now: gatekeeper.now(),
  };
}

export const me: FastifyPluginAsyncZod<ApiContext> = async (server, context) => {
  const { store, gatekeeper, passwords } = context;
  const account = { config: { audience: 'account' } } as const;

  server.get('/api/me', { ...account, schema: { response: { 200: Me } } }, (request) =>
    meOf(context, callerOf(request)),
  );

  server.get(
    '/api/me/access',
    { config: { audience: 'signed_in' }, schema: { response: { 200: EffectiveAccess } } },
    async (request) => {
      const names = topicNames(context);
      const found = effectiveAccess(gatekeeper.policy(), callerOf(request).principal, names, gatekeeper.now());
      // How many there are besides is for admins, where names are secret.
      return context.areTopicNamesHidden ? { ...found, hidden: 0 } : found;
    },
  );

  server.post(
    '/api/me/password',
    { ...account, schema: { body: ChangePasswordBody, response: { 200: Me } } },
    async (request) => {
      const identified = callerOf(request);
      const { principal, credential } = identified;
      if (principal.kind !== 'person') throw new ApiFault('forbidden', 'A token has no password.');
      const { current, next } = request.body;
      const locked = await store.failures.lockedFor(principal.name);
      if (locked > 0) throw new ApiFault('too_many', `Try again in ${locked} s.`, { retryAfter: locked });
      const found = await store.people.passwordOf(principal.name);
      if (!found || found.hash === null)
        throw new ApiFault('conflict', 'Your password is kept by the provider that you sign in with: change it there.');
      const isRight = await passwords.check(found.hash, current);
      if (isRight === 'busy') throw new ApiFault('unavailable', 'Try again in a moment.', { retryAfter: 2 });
      if (!isRight) {
        await store.failures.failed(principal.name);
        throw new ApiFault('bad_request', 'The current password is wrong.', { field: 'current' });
      }
      if (current === next)
        throw new ApiFault('bad_request', 'The new password is the old one: choose another.', { field: 'next' });
      const actor = actorOf(request);
      await store.people.setPassword(actor, principal.id, await passwords.hash(next), false);
      await store.logins.endAll(actor, principal.id, credential.id);
      return meOf(context, { ...identified, principal: gatekeeper.principal(principal.id) ?? principal });
    },
  );

  server.get(
    '/api/me/logins',
    { config: { audience: 'person' }, schema: { response: { 200: Logins } } },
    async (request) => {
      const { principal, credential } = callerOf(request);
      return { logins: await store.logins.of(principal.id, credential.id) };
    },
  );

  server.delete(
    '/api/me/logins/:id',
    { config: { audience: 'person' }, schema: { params: IdParams, response: { 200: Done } } },
    async (request) => {
      const { principal } = callerOf(request);
      if (!(await store.logins.end(actorOf(request), principal.id, request.params.id)))
        throw notFound('login of yours');
      return { isDone: true as const };
    },
  );

  server.delete(
    '/api/me/logins',
    { config: { audience: 'person' }, schema: { response: { 200: Done } } },
    async (request) => {
      const { principal, credential } = callerOf(request);
      await store.logins.endAll(actorOf(request), principal.id, credential.id);
      return { isDone: true as const };
    },
  );
};
