// Whether the gateway is alive (/health: the process answers) and ready (/ready: what was replayed is there and the
// policy is known). Both tell the parts, so that whoever is woken knows which one.
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { ApiContext } from './api-context.ts';

const Part = z.object({ isReady: z.boolean(), state: z.string(), since: z.number().optional() }).loose();
export const Health = z.object({ isReady: z.boolean(), parts: z.record(z.string(), Part) });

export interface HealthOptions extends Pick<ApiContext, 'store' | 'gatekeeper'> {
  /** Other parts of the gateway, by name: the source, the replay. */
  readonly parts: () => Readonly<Record<string, z.infer<typeof Part>>>;
}

export const health: FastifyPluginAsyncZod<HealthOptions> = async (server, { store, gatekeeper, parts }) => {
  function read(): z.infer<typeof Health> {
    const all = {
      ...parts(),
      database: { isReady: store.state() === 'ready', state: store.state(), since: store.since() },
      policy: {
        isReady: gatekeeper.state() === 'current',
        state: gatekeeper.state(),
        version: gatekeeper.policy().version,
        ageMs: Number.isFinite(gatekeeper.ageMs()) ? Math.round(gatekeeper.ageMs()) : null,
        clockSkewMs: Math.round(gatekeeper.skewMs()),
      },
    };
    return { isReady: Object.values(all).every((part) => part.isReady), parts: all };
  }
  const open = { config: { audience: 'public' }, schema: { response: { '2xx': Health, 503: Health } } } as const;

  server.get('/health', open, async (_request, reply) => reply.header('cache-control', 'no-store').send(read()));
  server.get('/ready', open, async (_request, reply) => {
    const now = read();
    return reply
      .code(now.isReady ? 200 : 503)
      .header('cache-control', 'no-store')
      .send(now);
  });
};
