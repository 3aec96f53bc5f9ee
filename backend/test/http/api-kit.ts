// The REST edge on a real PostgreSQL with topics that stand still: what a test needs to ask as somebody.
import cookie from '@fastify/cookie';
import Fastify, { type InjectOptions } from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import { api } from '../../src/http/api.ts';
import type { ApiContext } from '../../src/http/api-context.ts';
import { health } from '../../src/http/health.ts';
import type { TopicFacts } from '../../src/session/topic-board.ts';
import { startGateway } from '../store/store-kit.ts';

export const TOPICS = [
  'shop.checkout',
  'shop.cart',
  'payments.eu.latency',
  'payments.us.latency',
  'web.frontend',
  'web.cdn',
  'infra.hosts',
  'ml.fraud',
  'logistics.tracking',
];

export type ApiKit = Awaited<ReturnType<typeof startApi>>;

export async function startApi(
  databaseUrl: string,
  options: Partial<ApiContext> & Parameters<typeof startGateway>[1] = {},
) {
  const gateway = await startGateway(databaseUrl, options);
  const facts = new Map(TOPICS.map((topic) => [topic, factsOf(topic)]));
  const server = Fastify();
  server.setValidatorCompiler(validatorCompiler);
  server.setSerializerCompiler(serializerCompiler);
  const routes: { method: string; url: string; audience: string | undefined }[] = [];
  server.addHook('onRoute', ({ method, url, config }) => {
    for (const one of [method].flat()) routes.push({ method: one, url, audience: config?.audience });
  });
  await server.register(cookie);
  const { clock, store, gatekeeper, authenticator, passwords } = gateway;
  const context: ApiContext = {
    ...{ clock, store, gatekeeper, authenticator, passwords },
    readTopics: () => facts.values(),
    readTopic: (topic) => facts.get(topic),
    readSeries: (topic) => (facts.has(topic) ? [] : undefined),
    history: () => 'no_such_topic',
    produce: async () => {},
    readRejects: () => ({ rejects: [], total: 0 }),
    isDemo: true,
    areTopicNamesHidden: false,
    allowedOrigins: [],
    ...options,
  };
  await server.register(api, context);
  await server.register(health, { store, gatekeeper, parts: () => ({}) });
  await server.ready();

  /** Asks as the holder of this cookie or bearer token; writes carry the header that our own page sends. */
  async function ask(
    method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    url: string,
    as: string | null,
    body?: unknown,
  ) {
    const headers: Record<string, string> = { 'x-tidewatch': '1' };
    if (as?.startsWith('tw_')) headers.authorization = `Bearer ${as}`;
    else if (as !== null) headers.cookie = `tidewatch_login=${as}`;
    const wanted: InjectOptions = { method, url, headers };
    if (body !== undefined) wanted.payload = body as object;
    const answer = await server.inject(wanted);
    return {
      status: answer.statusCode,
      body: answer.body === '' ? null : answer.json(),
      headers: answer.headers,
      answer,
    };
  }

  async function signIn(name: string, password = name): Promise<string> {
    const { status, answer } = await ask('POST', '/api/sign-in', null, { name, password });
    const login = answer.cookies.find((one) => one.name === 'tidewatch_login');
    if (status !== 200 || !login) throw new Error(`${name} could not sign in: ${answer.body}`);
    return login.value;
  }

  return {
    ...gateway,
    ...{ server, context, routes, ask, signIn },
    async stop() {
      await server.close();
      await gateway.stop();
    },
  };
}

function factsOf(topic: string): TopicFacts {
  const numbers = { series: 3, metrics: 1, units: ['ms'], rate: 3, lastSeen: 1, states: [3, 0, 0, 0] };
  return { topic, ...numbers, upstream: { state: 'live', since: 0 } };
}
