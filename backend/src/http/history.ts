// History over HTTP: what the socket answers, as JSON, within the scope of the right `history`.
import { type HistoryAnswer, HistoryParams } from '@tidewatch/schemas/api-history';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { HISTORY_POINTS_MAX } from '../session/history-source.ts';
import type { ApiContext } from './api-context.ts';
import { ApiFault, notFound } from './api-fault.ts';
import { actorOf, callerOf } from './guard.ts';
import { topicForbidden } from './topics.ts';

export const history: FastifyPluginAsyncZod<ApiContext> = async (server, context) => {
  const { store, gatekeeper } = context;

  server.get(
    '/api/history',
    { config: { audience: 'signed_in' }, schema: { querystring: HistoryParams } },
    async (request, reply) => {
      const { topic, from, to, stepMs, series } = request.query;
      const decision = gatekeeper.decide(callerOf(request).principal.id, 'history', topic);
      if (!decision.allow) {
        store.audit.refused(actorOf(request), 'topic', topic, 'history');
        throw topicForbidden(context, topic, 'read the history of');
      }
      if (to <= from) throw new ApiFault('bad_request', 'to: must be later than from', { field: 'to' });
      const query = {
        topic,
        scope: decision.scope,
        from,
        to,
        stepMs,
        series: series ?? null,
        pointsMax: HISTORY_POINTS_MAX,
      };
      const found = context.history(query);
      if (found === 'no_such_topic') throw notFound('topic');
      if (found === 'too_large')
        throw new ApiFault(
          'too_large',
          `More than ${HISTORY_POINTS_MAX} points: ask for a shorter range, a wider step or fewer series.`,
          { field: 'from' },
        );
      const answer: HistoryAnswer = {
        topic,
        ...{ epoch: found.epoch, seq: found.seq, stepMs: found.stepMs },
        ...{ from: found.from, to: found.to, completeFrom: found.completeFrom },
        series: found.series.map((one) => ({
          id: one.id,
          time: Array.from(one.time),
          last: numbers(one.last),
          min: numbers(one.min),
          max: numbers(one.max),
        })),
      };
      // Hundreds of thousands of numbers that we made ourselves: they are not checked against a schema again.
      return reply.type('application/json; charset=utf-8').send(JSON.stringify(answer));
    },
  );
};

/** NaN is how a bucket says that it has no value; JSON has null for that. */
function numbers(column: ArrayLike<number>): (number | null)[] {
  return Array.from(column, (value) => (Number.isNaN(value) ? null : value));
}
