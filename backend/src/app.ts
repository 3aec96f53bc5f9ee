// The composition root: every room is made here and wired to the next, and nowhere else. Read it from top to bottom for
// the way of the data. What flows back are the callbacks marked with <-. `stop` undoes `start` backwards.
import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { Upstream } from '@tidewatch/schemas/upstream';
import { createStreamEncoder } from '@tidewatch/schemas/wire/encoder';
import type { Logger } from 'pino';
import { createAuthenticator } from './access/authenticator.ts';
import { createGatekeeper } from './access/gatekeeper.ts';
import { createLeases } from './access/leases.ts';
import { createPasswords } from './access/password.ts';
import type { Clock, Timer } from './clock.ts';
import type { Config } from './config.ts';
import { api } from './http/api.ts';
import { health } from './http/health.ts';
import { createProvider, type Provider } from './http/oidc-provider.ts';
import { createHttpServer } from './http-server.ts';
import { createIntake } from './ingest/intake.ts';
import { createQuarantine } from './ingest/quarantine.ts';
import { createRoute } from './ingest/route.ts';
import { createMetrics } from './metrics/metrics.ts';
import { openSource } from './open-source.ts';
import { BEAT_MS, createPublisher } from './publish/publisher.ts';
import { createTopicReader } from './read-topics.ts';
import { createRegistry } from './session/registry.ts';
import { socketPlugin } from './socket/socket-plugin.ts';
import { keepSealKey } from './store/audit-seal.ts';
import { createStore } from './store/store.ts';
import { createProcessCounters } from './telemetry/process-counters.ts';
import { createSelfWatch, SELF_TOPIC } from './telemetry/self-watch.ts';

const SWEEP_EVERY_MS = 1_000;

export interface AppOptions {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Logger;
}

export interface FedRecord {
  readonly topic: string;
  readonly value: string;
  readonly time: number;
}

export interface App {
  start(): Promise<void>;
  /** What to print once it is up: the address, and how to sign in. */
  greeting(): string;
  readonly url: string;
  /** Puts records into the embedded source. Refused where the source is Kafka: emit there. */
  feed(records: readonly FedRecord[]): void;
  stop(): Promise<void>;
}

export async function createApp({ config, clock, log }: AppOptions): Promise<App> {
  if (config.DATABASE_URL === undefined)
    throw new Error('DATABASE_URL is not set. `npm start` brings a database along.');
  const timers: Timer[] = [];
  const gatewayId = `${hostname()}-${randomBytes(4).toString('hex')}`;
  const build = process.env.TIDEWATCH_BUILD ?? 'dev';

  // Access: who is asking, and what may they see.
  const gatekeeper = createGatekeeper({ clock, staleMaxMs: config.POLICY_STALE_MAX_MS });
  const passwords = createPasswords();
  const demoTokenPath = config.DEMO ? join(config.DATA_DIR, 'demo-token') : null;
  const store = createStore({
    ...{ databaseUrl: config.DATABASE_URL, clock, gatekeeper, passwords, gatewayId, log },
    ...{ isDemo: config.DEMO, demoTokenPath, sealKey: keepSealKey(join(config.DATA_DIR, 'audit-key')) },
  });
  const leases = createLeases({ clock, stillGood: (credentials) => store.logins.stillGood(credentials) });
  const authenticator = createAuthenticator({
    gatekeeper,
    leases,
    lookup: { findLogin: (hash) => store.logins.find(hash), findToken: (hash) => store.tokens.find(hash) },
  });

  // Records to samples to buckets to deltas.
  const route = createRoute({ prefix: config.KAFKA_TOPIC_PREFIX });
  const source = await openSource({ config, clock, log, route });
  const quarantine = createQuarantine();
  const { seriesPerTopicMax, seriesMax, historyMaxBytes } = {
    seriesPerTopicMax: config.SERIES_PER_TOPIC_MAX,
    seriesMax: config.SERIES_MAX,
    historyMaxBytes: config.HISTORY_MAX_BYTES,
  };
  const metrics = createMetrics({ caps: { seriesPerTopicMax, seriesMax, historyMaxBytes } });
  const publisher = createPublisher({
    metrics,
    now: clock.now,
    encoderFor: createStreamEncoder,
    epochId: () => randomBytes(9).toString('base64url'),
  });
  const intake = createIntake({ route, metrics, quarantine, onTaken: (topic) => publisher.touched(topic) });

  // Sessions: deltas to those who may have them.
  const upstreams = new Map<string, Upstream>();
  const upstreamOf = (topic: string): Upstream => upstreams.get(topic) ?? source.upstream();
  const deafSince = (topic: string): number | null => {
    const upstream = upstreamOf(topic);
    return upstream.state === 'live' ? null : upstream.since;
  };
  const reader = createTopicReader({ metrics, publisher, upstreamOf, clock });
  const registry = createRegistry({
    ...{ clock, gatekeeper, build, upstreamOf },
    streams: publisher,
    history: reader.history,
    readTopics: reader.all,
    inFlightMaxBytes: config.IN_FLIGHT_MAX_BYTES,
    areTopicNamesHidden: config.TOPIC_NAMES_HIDDEN,
    connectionsMax: config.CONNECTIONS_MAX,
    connectionsPerPrincipalMax: config.CONNECTIONS_PER_PRINCIPAL_MAX,
  });

  // <- Policy, ends of grants and kicks reach the sessions that are open.
  gatekeeper.onChanged((change) => registry.policyChanged(change));
  store.onLoginsChanged(() => leases.renew());
  store.onKick((id) => registry.kick(id));
  store.reportSessions(() => registry.rows());

  // <- Our own counters come back as samples like any other.
  const processCounters = createProcessCounters();
  const selfWatch = createSelfWatch({
    clock,
    stages: {
      source: () => source.stats(),
      ingest: () => intake.stats(),
      metrics: () => metrics.stats(),
      publish: () => publisher.stats(),
      session: () => ({ ...registry.stats() }),
      process: () => processCounters.stats(),
    },
    onReadings(readings, at) {
      for (const { name, kind, value, unit } of readings) {
        const own = { topic: SELF_TOPIC, metric: name, labels: { gateway: hostname() }, kind, value, unit };
        metrics.take({ ...own, time: at, arrival: at, intervalMs: 1_000, emitter: gatewayId, isEnded: false });
      }
      publisher.touched(SELF_TOPIC);
    },
  });
  upstreams.set(SELF_TOPIC, { state: 'live', since: clock.now() });

  const server = await createHttpServer({ log, staticDir: config.STATIC_DIR, trustProxy: config.TRUST_PROXY });
  let isReplayed = false;
  await server.register(api, {
    ...{ clock, store, gatekeeper, authenticator, passwords },
    ...{ readTopics: reader.all, readTopic: reader.one, readSeries: reader.series, history: reader.history },
    produce: (topic, value) => source.produce(route.kafkaTopicOf(topic), value),
    readRejects: (topic, limit) => quarantine.read(topic, limit),
    isDemo: config.DEMO,
    provider: openProvider(config),
    areTopicNamesHidden: config.TOPIC_NAMES_HIDDEN,
    allowedOrigins: config.ALLOWED_ORIGINS,
  });
  await server.register(health, {
    ...{ store, gatekeeper },
    parts: () => ({ source: { isReady: isReplayed, ...source.upstream() } }),
  });
  server.get('/metrics', { config: { audience: 'public' } }, async (_request, reply) =>
    reply.type(selfWatch.contentType).send(await selfWatch.prometheus()),
  );
  await server.register(socketPlugin, {
    registry,
    authenticate: (request) => authenticator.admit(request.headers),
    allowedOrigins: config.ALLOWED_ORIGINS,
  });

  let url = '';
  return {
    async start() {
      await store.start();
      url = await server.listen({ host: config.HOST, port: config.PORT });
      timers.push(
        clock.every(BEAT_MS, () => publisher.beat()),
        clock.every(SWEEP_EVERY_MS, () => metrics.sweep(clock.now(), deafSince)),
      );
      const startedAt = clock.now();
      // The gateway answers while it replays; /ready says when the past is back.
      void source
        .start({
          onRecords: (records) => intake.take(records),
          onStatus(kafkaTopic, upstream) {
            const topic = route.topicOf(kafkaTopic);
            if (topic === null) return;
            upstreams.set(topic, upstream);
            // <- Whether Kafka is heard reaches the sessions that show the topic.
            registry.upstreamChanged(topic, upstream);
          },
          onGone(kafkaTopic) {
            const topic = route.topicOf(kafkaTopic);
            if (topic !== null) upstreams.delete(topic);
          },
        })
        .then(() => {
          isReplayed = true;
          for (const step of [1_000, 10_000, 60_000] as const) metrics.markComplete(step, startedAt - config.REPLAY_MS);
        })
        .catch((error: unknown) => log.error({ err: error }, 'the source did not start'));
    },
    get url() {
      return url;
    },
    greeting: () => greet(url, store.firstStart(), config.DEMO),
    feed(records) {
      for (const { topic, value, time } of records) {
        void source.produce(route.kafkaTopicOf(topic), new TextEncoder().encode(value), time);
      }
    },
    async stop() {
      for (const timer of timers) timer.stop();
      registry.stop();
      await source.stop();
      await server.close();
      selfWatch.stop();
      processCounters.stop();
      authenticator.stop();
      leases.stop();
      gatekeeper.stop();
      await store.stop();
    },
  };
}

function greet(url: string, first: ReturnType<ReturnType<typeof createStore>['firstStart']>, isDemo: boolean): string {
  const address = url.replace('127.0.0.1', 'localhost');
  const lines = ['', `  Tidewatch is up: ${address}`];
  if (isDemo) lines.push('  Sign in as admin, operator or viewer; the page offers them.');
  if (first.kind === 'admin') {
    lines.push(`  First sign-in: ${first.name} with the one-time password ${first.password}`);
  }
  return `${lines.join('\n')}\n\n`;
}

function openProvider(config: Config): Provider | null {
  const { OIDC_ISSUER: issuer, OIDC_CLIENT_ID: clientId, OIDC_CLIENT_SECRET: clientSecret } = config;
  const { PUBLIC_URL: publicUrl, OIDC_LABEL: label, OIDC_GROUPS_CLAIM: groupsClaim } = config;
  if (issuer === undefined || clientId === undefined || clientSecret === undefined || publicUrl === undefined)
    return null;
  return createProvider({ issuer, clientId, clientSecret, publicUrl, label, groupsClaim });
}
