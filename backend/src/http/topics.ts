// Topics: the list with what the reader may do, one topic with its series, and who can see it.
import { TopicAccess } from '@tidewatch/schemas/api-access';
import { TOPIC_SERIES_MAX, TopicDetail, TopicList, TopicParams } from '@tidewatch/schemas/api-topics';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { topicAccess } from '../access/effective-access.ts';
import { refusalToGrant } from '../access/may-grant.ts';
import { TOPICS_LISTED_MAX, topicRow } from '../session/topic-board.ts';
import { topicSight } from '../session/topic-watch.ts';
import type { ApiContext } from './api-context.ts';
import { ApiFault, notFound } from './api-fault.ts';
import { actorOf, callerOf } from './guard.ts';

/** Refusal to see a topic: the same whether or not it exists, where names are hidden. */
export function topicForbidden(context: ApiContext, topic: string, action: string): ApiFault {
  const { owner } = context.gatekeeper.owner(topic);
  if (context.areTopicNamesHidden) return notFound('topic');
  return new ApiFault('forbidden', `You may not ${action} ${topic}. ${owner} grants access to it.`, { owner });
}

export const topics: FastifyPluginAsyncZod<ApiContext> = async (server, context) => {
  const { store, gatekeeper, readTopics, readTopic, readSeries, areTopicNamesHidden } = context;
  const signedIn = { config: { audience: 'signed_in' } } as const;

  server.get('/api/topics', { ...signedIn, schema: { response: { 200: TopicList } } }, async (request) => {
    const { id } = callerOf(request).principal;
    const rows = [];
    for (const facts of readTopics()) {
      const sight = topicSight(gatekeeper, id, facts.topic);
      if (areTopicNamesHidden && sight.detail === 'none') continue;
      rows.push(topicRow(facts, sight));
    }
    rows.sort((a, b) => (a.topic < b.topic ? -1 : 1));
    return { topics: rows.slice(0, TOPICS_LISTED_MAX), at: gatekeeper.now() };
  });

  server.get(
    '/api/topics/:topic',
    { ...signedIn, schema: { params: TopicParams, response: { 200: TopicDetail } } },
    async (request) => {
      const { topic } = request.params;
      const { id } = callerOf(request).principal;
      const decision = gatekeeper.decide(id, 'subscribe', topic);
      if (!decision.allow) {
        store.audit.refused(actorOf(request), 'topic', topic, 'subscribe');
        throw topicForbidden(context, topic, 'see');
      }
      const facts = readTopic(topic);
      const series = readSeries(topic, decision.scope);
      if (!facts || !series) throw notFound('topic');
      return {
        topic: topicRow(facts, topicSight(gatekeeper, id, topic)),
        scope: decision.scope,
        series: series.slice(0, TOPIC_SERIES_MAX),
        at: gatekeeper.now(),
      };
    },
  );

  /** Who can see it: for admins, for its owners, and for those who manage it. */
  server.get(
    '/api/topics/:topic/access',
    { config: { audience: 'person' }, schema: { params: TopicParams, response: { 200: TopicAccess } } },
    async (request) => {
      const { topic } = request.params;
      const { principal } = callerOf(request);
      const mayRead =
        refusalToGrant(gatekeeper.policy(), principal, topic) === null ||
        gatekeeper.decide(principal.id, 'manage', topic).allow;
      if (!mayRead) {
        store.audit.refused(actorOf(request), 'topic', topic, 'access');
        throw topicForbidden(context, topic, 'read who can see');
      }
      return topicAccess(gatekeeper.policy(), topic, gatekeeper.now());
    },
  );
};
