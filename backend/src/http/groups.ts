// Groups and their members. Names are for everybody signed in, because owners are groups; changes are for admins.
import {
  CreateGroupBody,
  Group,
  GroupDetail,
  Groups,
  MemberParams,
  UpdateGroupBody,
} from '@tidewatch/schemas/api-groups';
import { Done, IdParams } from '@tidewatch/schemas/api-principal';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type { ApiContext } from './api-context.ts';
import { notFound } from './api-fault.ts';
import { actorOf } from './guard.ts';

export const groups: FastifyPluginAsyncZod<ApiContext> = async (server, { store }) => {
  const admin = { config: { audience: 'admin' } } as const;

  async function read(id: string): Promise<GroupDetail> {
    const detail = await store.groups.detail(id);
    if (!detail) throw notFound('group');
    return detail;
  }

  server.get('/api/groups', { config: { audience: 'person' }, schema: { response: { 200: Groups } } }, async () => ({
    groups: await store.groups.list(),
  }));

  server.get('/api/groups/:id', { ...admin, schema: { params: IdParams, response: { 200: GroupDetail } } }, (request) =>
    read(request.params.id),
  );

  server.post(
    '/api/groups',
    { ...admin, schema: { body: CreateGroupBody, response: { 200: Group } } },
    async (request) => (await read(await store.groups.create(actorOf(request), request.body))).group,
  );

  server.patch(
    '/api/groups/:id',
    { ...admin, schema: { params: IdParams, body: UpdateGroupBody, response: { 200: Group } } },
    async (request) => {
      if (!(await store.groups.update(actorOf(request), request.params.id, request.body))) throw notFound('group');
      return (await read(request.params.id)).group;
    },
  );

  server.delete(
    '/api/groups/:id',
    { ...admin, schema: { params: IdParams, response: { 200: Done } } },
    async (request) => {
      if (!(await store.groups.remove(actorOf(request), request.params.id))) throw notFound('group');
      return { isDone: true as const };
    },
  );

  server.put(
    '/api/groups/:id/members/:user',
    { ...admin, schema: { params: MemberParams, response: { 200: GroupDetail } } },
    async (request) => {
      await store.groups.addMember(actorOf(request), request.params.id, request.params.user);
      return read(request.params.id);
    },
  );

  server.delete(
    '/api/groups/:id/members/:user',
    { ...admin, schema: { params: MemberParams, response: { 200: GroupDetail } } },
    async (request) => {
      const { id, user } = request.params;
      if (!(await store.groups.removeMember(actorOf(request), id, user))) throw notFound('member of this group');
      return read(id);
    },
  );
};
