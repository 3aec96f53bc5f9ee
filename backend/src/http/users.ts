// People, for admins. A new person gets a password that is shown once and changed on first use.
import { EffectiveAccess } from '@tidewatch/schemas/api-access';
import { Done, IdParams } from '@tidewatch/schemas/api-principal';
import { CreateUserBody, UpdateUserBody, User, Users, UserWithPassword } from '@tidewatch/schemas/api-users';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { effectiveAccess } from '../access/effective-access.ts';
import { newOneTimePassword } from '../access/password.ts';
import { type ApiContext, topicNames } from './api-context.ts';
import { notFound } from './api-fault.ts';
import { actorOf } from './guard.ts';

export const users: FastifyPluginAsyncZod<ApiContext> = async (server, context) => {
  const { store, gatekeeper, passwords } = context;
  const admin = { config: { audience: 'admin' } } as const;

  async function read(id: string): Promise<User> {
    const user = await store.people.byId(id);
    if (!user) throw notFound('person');
    return user;
  }

  server.get('/api/users', { ...admin, schema: { response: { 200: Users } } }, async () => ({
    users: await store.people.list(),
  }));

  server.get('/api/users/:id', { ...admin, schema: { params: IdParams, response: { 200: User } } }, (request) =>
    read(request.params.id),
  );

  server.post(
    '/api/users',
    { ...admin, schema: { body: CreateUserBody, response: { 200: UserWithPassword } } },
    async (request) => {
      const password = newOneTimePassword();
      const hash = await passwords.hash(password);
      const id = await store.people.create(actorOf(request), request.body, { hash, mustChange: true });
      return { user: await read(id), password };
    },
  );

  server.patch(
    '/api/users/:id',
    { ...admin, schema: { params: IdParams, body: UpdateUserBody, response: { 200: User } } },
    async (request) => {
      const { id } = request.params;
      if (!(await store.people.update(actorOf(request), id, request.body))) throw notFound('person');
      if (request.body.isDisabled) await store.logins.endAll(actorOf(request), id, null);
      return read(id);
    },
  );

  server.delete(
    '/api/users/:id',
    { ...admin, schema: { params: IdParams, response: { 200: Done } } },
    async (request) => {
      if (!(await store.people.remove(actorOf(request), request.params.id))) throw notFound('person');
      return { isDone: true as const };
    },
  );

  /** A new one-time password, for somebody who forgot theirs. Their logins end. */
  server.post(
    '/api/users/:id/password',
    { ...admin, schema: { params: IdParams, response: { 200: UserWithPassword } } },
    async (request) => {
      const user = await read(request.params.id);
      const password = newOneTimePassword();
      await store.people.setPassword(actorOf(request), user.id, await passwords.hash(password), true);
      await store.logins.endAll(actorOf(request), user.id, null);
      await store.failures.cleared(user.name);
      return { user: await read(user.id), password };
    },
  );

  server.get(
    '/api/users/:id/access',
    { ...admin, schema: { params: IdParams, response: { 200: EffectiveAccess } } },
    async (request) => {
      const principal = gatekeeper.principal(request.params.id);
      if (!principal) throw notFound('person or token');
      return effectiveAccess(gatekeeper.policy(), principal, topicNames(context), gatekeeper.now());
    },
  );
};
