// Grants: read by those who may give them, given by admins and by the owners of the topics. Two who change the same grant
// do not overwrite each other.
import {
  CreateGrantsBody,
  Grant,
  GrantPreview,
  Grants,
  GrantsQuery,
  PreviewGrantsBody,
  RevokedGrant,
  UpdateGrantBody,
} from '@tidewatch/schemas/api-grants';
import { IdParams } from '@tidewatch/schemas/api-principal';
import { matchesPattern } from '@tidewatch/schemas/pattern';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { givesRight } from '../access/decide.ts';
import { grantablePatterns, reasonNeeded, refusalToGrant } from '../access/may-grant.ts';
import type { Principal, Rule } from '../access/principal.ts';
import type { GrantRecord } from '../store/grants.ts';
import { type ApiContext, topicNames } from './api-context.ts';
import { ApiFault, notFound } from './api-fault.ts';
import { previewGrants } from './grant-preview.ts';
import { principalsOf, sessionsOfGrant } from './grant-sessions.ts';
import { actorOf, callerOf } from './guard.ts';

const REASONS = {
  everything: 'it opens every topic there is and will be',
  sensitive: 'it reaches sensitive topics',
  no_end: 'it has no end',
} as const;

export const grants: FastifyPluginAsyncZod<ApiContext> = async (server, context) => {
  const { store, gatekeeper } = context;
  const person = { config: { audience: 'person' } } as const;

  function mayGrant(principal: Principal, pattern: string): boolean {
    return refusalToGrant(gatekeeper.policy(), principal, pattern) === null;
  }

  function checkGrant(
    principal: Principal,
    grant: { pattern: string; until: number | null; reason: string; isForGroup: boolean },
    fields: { pattern: string } = { pattern: 'pattern' },
  ): void {
    const refused = refusalToGrant(gatekeeper.policy(), principal, grant.pattern);
    if (refused !== null) throw new ApiFault('forbidden', refused, { field: fields.pattern });
    if (grant.until !== null && grant.until <= gatekeeper.now())
      throw new ApiFault('bad_request', 'This end has passed already: choose a later one.', { field: 'until' });
    const [why] = reasonNeeded(gatekeeper.policy(), grant);
    if (why !== undefined && grant.reason.trim() === '')
      throw new ApiFault('bad_request', `Say why: ${REASONS[why]}.`, { field: 'reason' });
  }

  async function withFacts(rows: readonly GrantRecord[]): Promise<Grant[]> {
    const names = topicNames(context);
    const { sessions } = rows.length > 0 ? await store.liveSessions.list() : { sessions: [] };
    return rows.map((row) => ({
      ...row,
      matches: names.filter((topic) => matchesPattern(row.pattern, topic)).length,
      live: sessionsOfGrant(gatekeeper.policy(), row, sessions).length,
    }));
  }

  async function readOne(id: string, principal: Principal): Promise<GrantRecord> {
    const [row] = await store.grants.byIds([id]);
    // Who may not give it may not learn that it exists.
    if (!row || !mayGrant(principal, row.pattern)) throw notFound('grant');
    return row;
  }

  server.get(
    '/api/grants',
    { ...person, schema: { querystring: GrantsQuery, response: { 200: Grants } } },
    async (request) => {
      const { who, topic, ended } = request.query;
      const { principal } = callerOf(request);
      const rows = await store.grants.list({ who, isEndedToo: ended === 'yes' });
      const shown = rows.filter(
        (row) => mayGrant(principal, row.pattern) && (topic === undefined || matchesPattern(row.pattern, topic)),
      );
      return { grants: await withFacts(shown), mayGrant: grantablePatterns(gatekeeper.policy(), principal) };
    },
  );

  server.post(
    '/api/grants',
    { ...person, schema: { body: CreateGrantsBody, response: { 200: z.object({ grants: z.array(Grant) }) } } },
    async (request) => {
      const { principal } = callerOf(request);
      const { who, patterns, rights, labels, until, reason } = request.body;
      for (const [at, pattern] of patterns.entries())
        for (const { kind } of who)
          checkGrant(
            principal,
            { pattern, until, reason, isForGroup: kind === 'group' },
            { pattern: `patterns.${at}` },
          );
      refuseSelf(principal, who);
      const wanted = who.flatMap((one) =>
        [...new Set(patterns)].map((pattern) => ({ who: one, pattern, rights, labels, until, reason })),
      );
      const ids = await store.grants.create(actorOf(request), wanted);
      return { grants: await withFacts(await store.grants.byIds(ids)) };
    },
  );

  server.post(
    '/api/grants/preview',
    { ...person, schema: { body: PreviewGrantsBody, response: { 200: GrantPreview } } },
    async (request) => previewGrants(context, callerOf(request).principal, request.body),
  );

  server.patch(
    '/api/grants/:id',
    { ...person, schema: { params: IdParams, body: UpdateGrantBody, response: { 200: Grant } } },
    async (request) => {
      const { principal } = callerOf(request);
      const before = await readOne(request.params.id, principal);
      const { revision, ...given } = request.body;
      const change = definedOnly(given);
      refuseSelf(principal, [before.who]);
      const after = { ...before, ...change };
      checkGrant(principal, { ...after, isForGroup: before.who.kind === 'group' });
      const outcome = await store.grants.update(actorOf(request), before.id, revision, change);
      if (outcome === 'missing') throw notFound('grant');
      if (outcome === 'changed_meanwhile')
        throw new ApiFault('conflict', 'Somebody else changed this grant meanwhile: read it again, then decide.', {
          field: 'revision',
        });
      const [row] = await withFacts(await store.grants.byIds([before.id]));
      if (!row) throw notFound('grant');
      return row;
    },
  );

  server.delete(
    '/api/grants/:id',
    { ...person, schema: { params: IdParams, response: { 200: RevokedGrant } } },
    async (request) => {
      const row = await readOne(request.params.id, callerOf(request).principal);
      const [grant] = await withFacts([row]);
      if (!grant || (await store.grants.remove(actorOf(request), [row.id])) === 0) throw notFound('grant');
      const kept = rulesKept(row);
      return { grant, closed: kept.length > 0 ? 0 : grant.live, stillAllowedBy: kept };
    },
  );

  /** Owners grant on their own topics to others; only an admin may widen their own access. */
  function refuseSelf(principal: Principal, who: readonly { kind: string; id: string }[]): void {
    if (principal.role === 'admin') return;
    if (who.some((one) => one.kind === 'person' && one.id === principal.id))
      throw new ApiFault('forbidden', 'Nobody gives a grant to themselves: ask another owner or an admin.', {
        field: 'who',
      });
  }

  /** Rules that go on letting those it was given to see some topic of the pattern. */
  function rulesKept(row: GrantRecord): Rule[] {
    const kept = new Set<Rule>();
    const names = topicNames(context).filter((topic) => matchesPattern(row.pattern, topic));
    for (const id of principalsOf(gatekeeper.policy(), row.who)) {
      for (const rule of gatekeeper.principal(id)?.rules ?? []) {
        const isRunning = rule.until === null || rule.until > gatekeeper.now();
        const isSame = row.rights.some((right) => givesRight(rule.rights, right));
        if (isRunning && isSame && rule.grant !== row.id && names.some((topic) => matchesPattern(rule.pattern, topic)))
          kept.add(rule);
      }
    }
    return [...kept].slice(0, 100);
  }
};

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };
function definedOnly<T extends object>(fields: T): Defined<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Defined<T>;
}
