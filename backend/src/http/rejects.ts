// Records that did not decode, as they came. All of them for admins; of one topic for those who may publish to it or
// manage it, all series: a record that did not decode has no labels to judge it by.
import { Rejects, RejectsQuery } from '@tidewatch/schemas/api-rejects';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type { ApiContext } from './api-context.ts';
import { ApiFault } from './api-fault.ts';
import { actorOf, callerOf } from './guard.ts';
import { topicForbidden } from './topics.ts';

export const rejects: FastifyPluginAsyncZod<ApiContext> = async (server, context) => {
  const { store, gatekeeper, readRejects } = context;

  server.get(
    '/api/rejects',
    { config: { audience: 'signed_in' }, schema: { querystring: RejectsQuery, response: { 200: Rejects } } },
    async (request) => {
      const { topic, limit } = request.query;
      const { principal } = callerOf(request);
      const isAdmin = principal.kind === 'person' && principal.role === 'admin';
      if (!isAdmin) {
        if (topic === undefined)
          throw new ApiFault('forbidden', 'Only admins read the rejects of all topics: name one.', { field: 'topic' });
        const decisions = (['publish', 'manage'] as const).map((right) =>
          gatekeeper.decide(principal.id, right, topic),
        );
        if (!decisions.some((decision) => decision.allow && decision.scope === 'all')) {
          store.audit.refused(actorOf(request), 'topic', topic, 'rejects');
          throw topicForbidden(context, topic, 'read the rejects of');
        }
      }
      const found = readRejects(topic ?? null, limit);
      return { rejects: [...found.rejects], total: found.total, at: gatekeeper.now() };
    },
  );
};
