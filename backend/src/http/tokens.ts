// Service and screen tokens. The secret is in the one answer that makes it. A token made by an admin stands alone; one
// that a person makes acts on their behalf: decide() never lets it reach further than they do at that moment.
import { Done, IdParams } from '@tidewatch/schemas/api-principal';
import {
  CreateTokenBody,
  RotateTokenBody,
  TOKEN_PREFIX,
  type Token,
  Tokens,
  TokenWithSecret,
} from '@tidewatch/schemas/api-tokens';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { givesRight } from '../access/decide.ts';
import { hashSecret, newSecret } from '../access/password.ts';
import { coversPattern } from '../access/pattern-cover.ts';
import type { Principal } from '../access/principal.ts';
import type { TokenRecord } from '../store/tokens.ts';
import type { ApiContext } from './api-context.ts';
import { ApiFault, notFound } from './api-fault.ts';
import { actorOf, callerOf } from './guard.ts';

/** Longest life of a token that somebody makes for themselves. */
export const OWN_TOKEN_MAX_MS = 90 * 86_400_000;
const SCREEN_RIGHTS = new Set(['subscribe', 'history']);
const PREFIX_CHARS = 8;

export const tokens: FastifyPluginAsyncZod<ApiContext> = async (server, { store, gatekeeper }) => {
  const person = { config: { audience: 'person' } } as const;

  const mint = () => {
    const secret = `${TOKEN_PREFIX}${newSecret()}`;
    return { secret, secretHash: hashSecret(secret), prefix: secret.slice(0, PREFIX_CHARS) };
  };

  /** Tokens of others are, to who is no admin, not there. */
  async function read(id: string, principal: Principal): Promise<TokenRecord> {
    const token = await store.tokens.byId(id);
    const isTheirs = principal.role === 'admin' || token?.onBehalfOf === principal.id;
    if (!token || !isTheirs) throw notFound('token');
    return token;
  }

  server.get('/api/tokens', { ...person, schema: { response: { 200: Tokens } } }, async (request) => {
    const { principal } = callerOf(request);
    return { tokens: await store.tokens.list(principal.role === 'admin' ? null : principal.id) };
  });

  server.post(
    '/api/tokens',
    { ...person, schema: { body: CreateTokenBody, response: { 200: TokenWithSecret } } },
    async (request) => {
      const { principal } = callerOf(request);
      const { name, kind, rights, patterns, expires } = request.body;
      if (expires !== null && expires <= gatekeeper.now())
        throw new ApiFault('bad_request', 'This end has passed already: choose a later one.', { field: 'expires' });
      if (kind === 'screen' && rights.some((right) => !SCREEN_RIGHTS.has(right)))
        throw new ApiFault('bad_request', 'A screen only reads: subscribe and history.', { field: 'rights' });
      const isAdmin = principal.role === 'admin';
      if (!isAdmin) checkOwn(principal, request.body);
      const { secret, ...minted } = mint();
      const onBehalfOf = isAdmin ? null : principal.id;
      const fresh = { name, kind, rights, patterns, expires, onBehalfOf, ...minted };
      const id = await store.tokens.create(actorOf(request), fresh);
      return { token: await read(id, principal), secret };
    },
  );

  function checkOwn(
    principal: Principal,
    { rights, patterns, expires }: Pick<Token, 'rights' | 'patterns' | 'expires'>,
  ) {
    const now = gatekeeper.now();
    if (expires === null || expires > now + OWN_TOKEN_MAX_MS)
      throw new ApiFault('bad_request', 'Your own token ends within 90 days; an admin can make one that lasts.', {
        field: 'expires',
      });
    for (const [at, pattern] of patterns.entries()) {
      const missing = rights.find(
        (right) =>
          !principal.rules.some(
            (rule) =>
              coversPattern(rule.pattern, pattern) &&
              givesRight(rule.rights, right) &&
              (rule.until === null || rule.until > now),
          ),
      );
      if (missing !== undefined)
        throw new ApiFault('forbidden', `You have no grant to ${missing} all of ${pattern}: ask its owner.`, {
          field: `patterns.${at}`,
        });
    }
  }

  server.post(
    '/api/tokens/:id/rotate',
    { ...person, schema: { params: IdParams, body: RotateTokenBody, response: { 200: TokenWithSecret } } },
    async (request) => {
      const { principal } = callerOf(request);
      const old = await read(request.params.id, principal);
      if (old.state !== 'active') throw new ApiFault('conflict', `This token is ${old.state}: make a new one.`);
      const now = gatekeeper.now();
      // The new secret lives as long as the old one was made for.
      const expires = old.expires === null ? null : now + (old.expires - old.createdAt);
      const { secret, ...minted } = mint();
      const id = await store.tokens.rotate(actorOf(request), old, { ...minted, expires }, now + request.body.overlapMs);
      return { token: await read(id, principal), secret };
    },
  );

  server.delete(
    '/api/tokens/:id',
    { ...person, schema: { params: IdParams, response: { 200: Done } } },
    async (request) => {
      const token = await read(request.params.id, callerOf(request).principal);
      if (!(await store.tokens.revoke(actorOf(request), token.id)))
        throw new ApiFault('conflict', 'This token is revoked already.');
      return { isDone: true as const };
    },
  );
};
