// What stands before every route: who is asking, what the route asks of them, and that a write comes from our own page or
// from a program. A route that does not say whom it is for is refused at start.
import { WRITE_HEADER } from '@tidewatch/schemas/api-error';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Identified } from '../access/authenticator.ts';
import type { Actor } from '../store/database.ts';
import type { ApiContext } from './api-context.ts';
import { ApiFault } from './api-fault.ts';

/** `public`: anybody. `account`: signed in, also who must change the password first. `signed_in`: people and tokens.
 *  `person`: people. `admin`: people with the role admin. */
export const AUDIENCES = ['public', 'account', 'signed_in', 'person', 'admin'] as const;
export type Audience = (typeof AUDIENCES)[number];

declare module 'fastify' {
  interface FastifyContextConfig {
    audience?: Audience;
  }
  interface FastifyRequest {
    /** Who asks; null where nobody is signed in. */
    identified: Identified | null;
  }
}

const READS = new Set(['GET', 'HEAD', 'OPTIONS']);

export function installGuard(server: FastifyInstance, context: ApiContext): void {
  const { authenticator, store, allowedOrigins } = context;
  server.decorateRequest('identified', null);

  server.addHook('onRoute', (route) => {
    if (route.config?.audience === undefined)
      throw new Error(`${route.method} ${route.url} does not say whom it is for`);
  });

  server.addHook('onRequest', async (request, reply) => {
    // Answers differ by who asks, and none of them is for a shared cache.
    reply.header('cache-control', 'no-store');
    if (!READS.has(request.method)) refuseForeignWrite(request, allowedOrigins);
    const audience = request.routeOptions.config.audience ?? 'admin';
    if (audience === 'public') return;
    const identified = await authenticator.identify(request.headers);
    if (!identified)
      throw new ApiFault('signed_out', 'Nobody is signed in here: sign in, or send a token that is valid.');
    request.identified = identified;
    const fault = refusalOf(identified, audience);
    if (!fault) return;
    store.audit.refused(actorOf(request), 'route', `${request.method} ${request.routeOptions.url ?? ''}`);
    throw fault;
  });
}

function refusalOf({ principal }: Identified, audience: Audience): ApiFault | undefined {
  if (audience === 'account') return undefined;
  if (principal.state === 'must_change_password')
    return new ApiFault('forbidden', 'Change the password first: POST /api/me/password.', { field: 'password' });
  if (audience === 'signed_in') return undefined;
  if (principal.kind !== 'person') return new ApiFault('forbidden', 'This is for people: a token cannot do it.');
  if (audience === 'admin' && principal.role !== 'admin')
    return new ApiFault('forbidden', 'This needs the role admin. Ask an admin of this Tidewatch.', { owner: 'admins' });
  return undefined;
}

/** A page of another site can make a browser send cookies, but neither our header nor our origin. */
function refuseForeignWrite(request: FastifyRequest, allowed: readonly string[]): void {
  const { origin } = request.headers;
  if (origin !== undefined && !allowed.includes(origin) && hostOf(origin) !== request.host.toLowerCase())
    throw new ApiFault('forbidden', `Pages of ${origin.slice(0, 100)} may not write here: see ALLOWED_ORIGINS.`);
  // A bearer token is not sent by a browser on its own: who has it may write without more.
  if (request.headers.authorization === undefined && request.headers[WRITE_HEADER] === undefined)
    throw new ApiFault('forbidden', `A write carries the header ${WRITE_HEADER}, whatever its value.`, {
      field: WRITE_HEADER,
    });
}

function hostOf(origin: string): string | null {
  try {
    return new URL(origin).host;
  } catch {
    return null;
  }
}

export function callerOf(request: FastifyRequest): Identified {
  if (!request.identified) throw new ApiFault('signed_out', 'Nobody is signed in here.');
  return request.identified;
}

/** Who acts, for the audit log. */
export function actorOf(request: FastifyRequest): Actor {
  const { kind, id, name } = callerOf(request).principal;
  return { kind, id, name, address: request.ip };
}
