// The Fastify server that everything hangs on: one port for API, socket and dashboard. Sets what every answer has in
// common: zod for bodies and answers, one error form, security headers, and the dashboard for every address that is
// no API. Routes are plugins of http/ and socket/, registered by app.ts.
import { existsSync } from 'node:fs';
import fastifyCookie from '@fastify/cookie';
import fastifyStatic from '@fastify/static';
import Fastify, { type FastifyError, type FastifyInstance, LogController } from 'fastify';
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import type { Logger } from 'pino';

export interface HttpServerOptions {
  readonly log: Logger;
  readonly staticDir: string | undefined;
  readonly trustProxy: boolean;
}

/** Longest request body, bytes: a batch of POST /api/ingest is the largest thing that anybody sends. */
export const BODY_MAX_BYTES = 1_000_000;

/** Chart.js and Svelte set inline styles; nothing needs inline scripts but the theme, which has a file of its own. */
const SECURITY_HEADERS = {
  'content-security-policy':
    "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; connect-src 'self' ws: wss:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'same-origin',
  'x-frame-options': 'DENY',
} as const;

export async function createHttpServer(options: HttpServerOptions): Promise<FastifyInstance> {
  const server = Fastify({
    loggerInstance: options.log as never,
    logController: new LogController({ disableRequestLogging: true }),
    trustProxy: options.trustProxy,
    bodyLimit: BODY_MAX_BYTES,
    forceCloseConnections: true,
  }).withTypeProvider<ZodTypeProvider>();
  server.setValidatorCompiler(validatorCompiler);
  server.setSerializerCompiler(serializerCompiler);
  await server.register(fastifyCookie);

  server.addHook('onSend', async (_request, reply) => {
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) if (!reply.hasHeader(name)) reply.header(name, value);
  });
  server.setErrorHandler((error: FastifyError, request, reply) => answerError(error, options.log, request.url, reply));
  await serveDashboard(server as unknown as FastifyInstance, options.staticDir);
  return server as unknown as FastifyInstance;
}

interface ErrorReply {
  code(status: number): ErrorReply;
  send(body: unknown): unknown;
}

/** One form for all that goes wrong. A client's fault names the field; ours is logged once and told without detail. */
function answerError(error: FastifyError, log: Logger, url: string, reply: ErrorReply): unknown {
  const status = error.statusCode ?? 500;
  if (error.validation !== undefined) {
    const first = error.validation[0];
    const field = first?.instancePath.replace(/^\//, '').replaceAll('/', '.') ?? '';
    const where = field === '' ? (error.validationContext ?? 'body') : field;
    return reply
      .code(400)
      .send({ error: { code: 'bad_request', message: `${where}: ${first?.message ?? error.message}`, field } });
  }
  if (status < 500)
    return reply.code(status).send({ error: { code: error.code ?? 'bad_request', message: error.message } });
  log.error({ err: error, path: url.split('?')[0] }, 'request failed');
  return reply.code(status).send({
    error: { code: 'internal', message: 'The gateway failed to answer. It is logged; trying again may help.' },
  });
}

async function serveDashboard(server: FastifyInstance, staticDir: string | undefined): Promise<void> {
  const hasDashboard = staticDir !== undefined && existsSync(staticDir);
  if (hasDashboard) {
    await server.register(fastifyStatic, {
      root: staticDir,
      wildcard: false,
      preCompressed: true,
      index: false,
      setHeaders(reply, path) {
        void reply.header(
          'cache-control',
          path.includes('/immutable/') ? 'public, max-age=31536000, immutable' : 'no-cache',
        );
      },
    });
  }
  server.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?')[0] ?? '/';
    const isPage = request.method === 'GET' && !/^\/(api|ws|_app|health|ready|metrics)(\/|$)/.test(path);
    if (hasDashboard && isPage) return reply.header('cache-control', 'no-cache').sendFile('index.html');
    return reply.code(404).send({ error: { code: 'not_found', message: `Nothing is at ${path}.` } });
  });
}
