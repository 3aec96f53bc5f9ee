// One decision, explained by the function that enforces it, and the other way round: who can.
import { ExplainQuery, Explanation, TopicAccess, WhoQuery } from '@tidewatch/schemas/api-access';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { topicAccess } from '../access/effective-access.ts';
import type { ApiContext } from './api-context.ts';
import { ApiFault, notFound } from './api-fault.ts';

export const explain: FastifyPluginAsyncZod<ApiContext> = async (server, { gatekeeper }) => {
  const admin = { config: { audience: 'admin' } } as const;

  function refuseToGuess(): void {
    if (gatekeeper.state() !== 'current')
      throw new ApiFault('unavailable', 'The policy is too old to say: the database is out of reach.', {
        retryAfter: 5,
      });
  }

  server.get(
    '/api/explain',
    { ...admin, schema: { querystring: ExplainQuery, response: { 200: Explanation } } },
    async (request) => {
      refuseToGuess();
      const { principal: principalId, action, topic } = request.query;
      const principal = gatekeeper.principal(principalId);
      if (!principal) throw notFound('person or token');
      const decision = gatekeeper.decide(principalId, action, topic);
      const { owner, isSensitive } = gatekeeper.owner(topic);
      const scope = decision.allow ? decision.scope : null;
      return {
        ...{ principal: { kind: principal.kind, id: principal.id, name: principal.name }, action, topic },
        ...{ owner, isSensitive, isAllowed: decision.allow, scope },
        reason: decision.allow ? null : decision.reason,
        until: decision.allow ? decision.until : null,
        path: [...decision.path],
        policyVersion: gatekeeper.policy().version,
        policyAgeMs: Math.round(gatekeeper.ageMs()),
        at: gatekeeper.now(),
      };
    },
  );

  server.get(
    '/api/explain/who',
    { ...admin, schema: { querystring: WhoQuery, response: { 200: TopicAccess } } },
    async (request) => {
      refuseToGuess();
      const { action, topic } = request.query;
      const found = topicAccess(gatekeeper.policy(), topic, gatekeeper.now());
      if (action === undefined) return found;
      return { ...found, who: found.who.filter((one) => one.rights.includes(action)) };
    },
  );
};
