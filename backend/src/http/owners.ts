// Which group owns which topics. Read by everybody signed in, kept by admins.
import { OwnerQuery, Owners, PutOwnerBody } from '@tidewatch/schemas/api-owners';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { type ApiContext, topicNames } from './api-context.ts';
import { notFound } from './api-fault.ts';
import { actorOf } from './guard.ts';

export const owners: FastifyPluginAsyncZod<ApiContext> = async (server, context) => {
  const { store, gatekeeper } = context;
  const admin = { config: { audience: 'admin' } } as const;

  async function list() {
    const decided = new Map<string, number>();
    for (const topic of topicNames(context)) {
      const { pattern } = gatekeeper.owner(topic);
      if (pattern !== null) decided.set(pattern, (decided.get(pattern) ?? 0) + 1);
    }
    const rows = await store.owners.list();
    return { owners: rows.map((row) => ({ ...row, topics: decided.get(row.pattern) ?? 0 })) };
  }

  server.get('/api/owners', { config: { audience: 'person' }, schema: { response: { 200: Owners } } }, list);

  server.put(
    '/api/owners',
    { ...admin, schema: { body: PutOwnerBody, response: { 200: Owners } } },
    async (request) => {
      await store.owners.put(actorOf(request), request.body);
      return list();
    },
  );

  server.delete(
    '/api/owners',
    { ...admin, schema: { querystring: OwnerQuery, response: { 200: Owners } } },
    async (request) => {
      if (!(await store.owners.remove(actorOf(request), request.query.pattern))) throw notFound('row');
      return list();
    },
  );
};
