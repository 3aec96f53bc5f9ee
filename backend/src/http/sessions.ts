// Live sessions of every gateway, and ending them: one, all of a person or token, all that a grant lets in.
import { IdParams } from '@tidewatch/schemas/api-principal';
import { KickBody, Kicked, LiveSessions, SessionParams } from '@tidewatch/schemas/api-sessions';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type { ApiContext } from './api-context.ts';
import { notFound } from './api-fault.ts';
import { sessionsOfGrant } from './grant-sessions.ts';
import { actorOf } from './guard.ts';

export const sessions: FastifyPluginAsyncZod<ApiContext> = async (server, { store, gatekeeper }) => {
  const admin = { config: { audience: 'admin' } } as const;

  server.get('/api/sessions', { ...admin, schema: { response: { 200: LiveSessions } } }, async () => ({
    ...(await store.liveSessions.list()),
    at: gatekeeper.now(),
  }));

  server.post(
    '/api/sessions/:id/kick',
    { ...admin, schema: { params: SessionParams, body: KickBody, response: { 200: Kicked } } },
    async (request) => {
      const { id } = request.params;
      const asked = await store.liveSessions.kick([id]);
      if (asked === 0) throw notFound('open session');
      const note = request.body.reason;
      await store.audit.note(actorOf(request), { action: 'kick', object: 'session', objectId: id, note });
      return { asked };
    },
  );

  server.post(
    '/api/users/:id/kick',
    { ...admin, schema: { params: IdParams, body: KickBody, response: { 200: Kicked } } },
    async (request) => {
      const { id } = request.params;
      if (!gatekeeper.principal(id)) throw notFound('person or token');
      const asked = await store.liveSessions.kickPrincipals([id]);
      const note = request.body.reason;
      await store.audit.note(actorOf(request), {
        action: 'kick',
        object: 'users',
        objectId: id,
        note,
        count: Math.max(1, asked),
      });
      return { asked };
    },
  );

  server.post(
    '/api/grants/:id/kick',
    { ...admin, schema: { params: IdParams, body: KickBody, response: { 200: Kicked } } },
    async (request) => {
      const [grant] = await store.grants.byIds([request.params.id]);
      if (!grant) throw notFound('grant');
      const open = sessionsOfGrant(gatekeeper.policy(), grant, (await store.liveSessions.list()).sessions);
      const asked = await store.liveSessions.kick(open.map((session) => session.id));
      const note = request.body.reason;
      await store.audit.note(actorOf(request), {
        action: 'kick',
        object: 'grants',
        objectId: grant.id,
        note,
        count: Math.max(1, asked),
      });
      return { asked };
    },
  );
};
