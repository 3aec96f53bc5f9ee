// The REST edge as one plugin: the guard before everything, one form for all faults, and the routes, a file a noun.
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ApiContext } from './api-context.ts';
import { ApiFault, asFault } from './api-fault.ts';
import { audit } from './audit.ts';
import { explain } from './explain.ts';
import { grants } from './grants.ts';
import { groups } from './groups.ts';
import { installGuard } from './guard.ts';
import { history } from './history.ts';
import { ingest } from './ingest.ts';
import { me } from './me.ts';
import { oidc } from './oidc.ts';
import { owners } from './owners.ts';
import { policy } from './policy.ts';
import { rejects } from './rejects.ts';
import { requests } from './requests.ts';
import { sessions } from './sessions.ts';
import { signIn } from './sign-in.ts';
import { tokens } from './tokens.ts';
import { topics } from './topics.ts';
import { users } from './users.ts';

const ACCESS = [signIn, oidc, me, users, groups, owners, grants, tokens, requests, sessions, explain, audit, policy];
const DATA = [topics, history, ingest, rejects];
const ROUTES = [...ACCESS, ...DATA];

export async function api(server: FastifyInstance, context: ApiContext): Promise<void> {
  installGuard(server, context);
  server.setErrorHandler(answerFault);
  for (const routes of ROUTES) await server.register(routes, context);
}

function answerFault(error: FastifyError, request: FastifyRequest, reply: FastifyReply): unknown {
  const fault = validationFault(error) ?? asFault(error) ?? ownFault(error);
  if (!fault) {
    request.log.error({ err: error, path: request.url.split('?')[0] }, 'request failed');
    const internal = new ApiFault('internal', 'The gateway failed to answer. It is logged; trying again may help.');
    return reply.code(500).send(internal.body);
  }
  if (fault.detail.retryAfter !== undefined) reply.header('retry-after', String(fault.detail.retryAfter));
  return reply.code(fault.statusCode).send(fault.body);
}

/** The first field at fault, by its path, in the words of its schema. */
function validationFault(error: FastifyError): ApiFault | undefined {
  const first = error.validation?.[0];
  if (!first) return undefined;
  const field = first.instancePath.replace(/^\//, '').replaceAll('/', '.');
  const message = first.message ?? 'is not valid';
  return new ApiFault('bad_request', field === '' ? message : `${field}: ${message}`, field === '' ? {} : { field });
}

/** What Fastify itself refuses: bodies that are too large or no JSON. */
function ownFault(error: FastifyError): ApiFault | undefined {
  const { statusCode = 500 } = error;
  if (statusCode === 413) return new ApiFault('too_large', error.message);
  return statusCode < 500 ? new ApiFault('bad_request', error.message) : undefined;
}
