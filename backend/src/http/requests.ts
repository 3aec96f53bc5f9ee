// Access requests: from a blocked panel to an inbox. Whoever may grant on the topics decides, never on their own request,
// and may narrow or widen what was asked for. The grant and the verdict are one transaction.
import { IdParams } from '@tidewatch/schemas/api-principal';
import {
  AccessRequest,
  AccessRequests,
  ApproveRequestBody,
  CreateRequestBody,
  DenyRequestBody,
} from '@tidewatch/schemas/api-requests';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { refusalToGrant } from '../access/may-grant.ts';
import { OWNER_NONE } from '../access/owners.ts';
import { coversPattern } from '../access/pattern-cover.ts';
import type { Principal } from '../access/principal.ts';
import type { RequestRecord } from '../store/access-requests.ts';
import type { ApiContext } from './api-context.ts';
import { ApiFault, notFound } from './api-fault.ts';
import { actorOf, callerOf } from './guard.ts';

export const requests: FastifyPluginAsyncZod<ApiContext> = async (server, { store, gatekeeper }) => {
  const person = { config: { audience: 'person' } } as const;

  const mayDecide = (principal: Principal, row: RequestRecord): boolean =>
    row.by.id !== principal.id && refusalToGrant(gatekeeper.policy(), principal, row.pattern) === null;

  function shown(principal: Principal, row: RequestRecord): AccessRequest {
    // Rows come most precise first: the first that covers all of the pattern owns all of it, or nearly.
    const owning = gatekeeper.policy().owners.rows.find((owner) => coversPattern(owner.pattern, row.pattern));
    return {
      ...row,
      owner: owning?.group ?? OWNER_NONE,
      mayDecide: row.state === 'open' && mayDecide(principal, row),
      isOwn: row.by.id === principal.id,
    };
  }

  async function read(id: string, principal: Principal): Promise<RequestRecord> {
    const row = await store.requests.byId(id);
    if (!row || (row.by.id !== principal.id && !mayDecide(principal, row))) throw notFound('request');
    return row;
  }

  server.get('/api/requests', { ...person, schema: { response: { 200: AccessRequests } } }, async (request) => {
    const { principal } = callerOf(request);
    const rows = await store.requests.list();
    const visible = rows.filter((row) => row.by.id === principal.id || mayDecide(principal, row));
    const open = visible.filter((row) => row.state === 'open' && row.by.id !== principal.id).length;
    return { requests: visible.map((row) => shown(principal, row)), open };
  });

  server.post(
    '/api/requests',
    { ...person, schema: { body: CreateRequestBody, response: { 200: AccessRequest } } },
    async (request) => {
      const { principal } = callerOf(request);
      checkEnd(request.body.until);
      const id = await store.requests.create(actorOf(request), principal.id, request.body);
      if (id === 'too_many') throw new ApiFault('too_many', 'Twenty of your requests are open: withdraw one first.');
      return shown(principal, await read(id, principal));
    },
  );

  server.post(
    '/api/requests/:id/approve',
    { ...person, schema: { params: IdParams, body: ApproveRequestBody, response: { 200: AccessRequest } } },
    async (request) => {
      const { principal } = callerOf(request);
      const row = await toDecide(request.params.id, principal);
      const { answer, ...edited } = request.body;
      const pattern = edited.pattern ?? row.pattern;
      const until = edited.until === undefined ? row.until : edited.until;
      const refused = refusalToGrant(gatekeeper.policy(), principal, pattern);
      if (refused !== null) throw new ApiFault('forbidden', refused, { field: 'pattern' });
      checkEnd(until);
      const labels = edited.labels === undefined ? row.labels : edited.labels;
      const rights = edited.rights ?? row.rights;
      const reason = [row.reason, answer]
        .filter((text) => text !== '')
        .join(' / ')
        .slice(0, 500);
      const grant = { who: { kind: 'person' as const, id: row.by.id }, pattern, rights, labels, until, reason };
      return decided(
        principal,
        row.id,
        await store.requests.decide(actorOf(request), row.id, { state: 'approved', answer, grant }),
      );
    },
  );

  server.post(
    '/api/requests/:id/deny',
    { ...person, schema: { params: IdParams, body: DenyRequestBody, response: { 200: AccessRequest } } },
    async (request) => {
      const { principal } = callerOf(request);
      const row = await toDecide(request.params.id, principal);
      const verdict = { state: 'denied', answer: request.body.answer, grant: null } as const;
      return decided(principal, row.id, await store.requests.decide(actorOf(request), row.id, verdict));
    },
  );

  server.post(
    '/api/requests/:id/withdraw',
    { ...person, schema: { params: IdParams, response: { 200: AccessRequest } } },
    async (request) => {
      const { principal } = callerOf(request);
      const row = await read(request.params.id, principal);
      if (row.by.id !== principal.id) throw new ApiFault('forbidden', 'Only who asked can withdraw a request.');
      const verdict = { state: 'withdrawn', answer: '', grant: null } as const;
      return decided(principal, row.id, await store.requests.decide(actorOf(request), row.id, verdict));
    },
  );

  function checkEnd(until: number | null): void {
    if (until !== null && until <= gatekeeper.now())
      throw new ApiFault('bad_request', 'This end has passed already: choose a later one.', { field: 'until' });
  }

  async function toDecide(id: string, principal: Principal): Promise<RequestRecord> {
    const row = await read(id, principal);
    if (row.by.id === principal.id)
      throw new ApiFault('forbidden', 'Nobody decides their own request: ask another owner or an admin.');
    return row;
  }

  async function decided(principal: Principal, id: string, outcome: 'done' | 'decided'): Promise<AccessRequest> {
    if (outcome === 'decided') throw new ApiFault('conflict', 'Somebody else has decided this request already.');
    const row = await store.requests.byId(id);
    if (!row) throw notFound('request');
    return shown(principal, row);
  }
};
