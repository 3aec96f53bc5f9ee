// The live path in a process of its own, without database and sign-in: source, metrics, publisher, sessions, sockets.
// Emits on demand, so that what is measured is the path and not a client of Kafka.
import type { AddressInfo } from 'node:net';
import { createStreamEncoder } from '@tidewatch/schemas/wire/encoder';
import Fastify from 'fastify';
import pino from 'pino';
import { systemClock } from '../src/clock.ts';
import { readConfig } from '../src/config.ts';
import { createIntake } from '../src/ingest/intake.ts';
import { createQuarantine } from '../src/ingest/quarantine.ts';
import { createRoute } from '../src/ingest/route.ts';
import { createMetrics } from '../src/metrics/metrics.ts';
import { openSource } from '../src/open-source.ts';
import { BEAT_MS, createPublisher } from '../src/publish/publisher.ts';
import { createRegistry } from '../src/session/registry.ts';
import { socketPlugin } from '../src/socket/socket-plugin.ts';
import { answerQuestions } from './worker-process.ts';

export type GatewayQuestion =
  | { readonly ask: 'listen'; readonly brokers: string | null }
  /** One sample whose value is the time, in epoch ms, at which it was handed to Kafka. */
  | { readonly ask: 'emit'; readonly topic: string }
  /** When each of those was appended by the broker, and when it reached the gateway's handler. */
  | { readonly ask: 'arrivals' };
export interface Arrival {
  readonly sentAt: number;
  readonly appendedAt: number;
  readonly handledAt: number;
}

const clock = systemClock;
const route = createRoute({ prefix: 'metrics.' });
const metrics = createMetrics({ caps: { seriesPerTopicMax: 20_000, seriesMax: 100_000, historyMaxBytes: 4e9 } });
const publisher = createPublisher({
  metrics,
  now: clock.now,
  encoderFor: createStreamEncoder,
  epochId: () => Math.random().toString(36).slice(2),
});
const intake = createIntake({
  ...{ route, metrics, quarantine: createQuarantine() },
  onTaken: (topic) => publisher.touched(topic),
});
const arrivals: Arrival[] = [];
let produce: (topic: string, text: string) => Promise<void> = async () => {};

const epochNow = () => performance.timeOrigin + performance.now();

answerQuestions<GatewayQuestion>(async (question) => {
  switch (question.ask) {
    case 'listen':
      return { port: await listen(question.brokers) };
    case 'emit':
      await produce(question.topic, JSON.stringify({ metric: 'sent_at', value: epochNow(), interval: 'sparse' }));
      return {};
    case 'arrivals':
      return arrivals;
  }
});

async function listen(brokers: string | null): Promise<number> {
  const config = readConfig({ REPLAY_MS: '0', ...(brokers !== null && { KAFKA_BROKERS: brokers }) });
  const source = await openSource({ config, clock, log: pino({ level: 'silent' }), route });
  await source.start({
    onRecords(records) {
      const handledAt = epochNow();
      for (const { value, timestamp: appendedAt } of records) {
        const text = new TextDecoder().decode(value ?? new Uint8Array());
        arrivals.push({ sentAt: (JSON.parse(text) as { value: number }).value, appendedAt, handledAt });
      }
      intake.take(records);
    },
    onStatus: () => {},
  });
  produce = (topic, text) => source.produce(route.kafkaTopicOf(topic), new TextEncoder().encode(text));
  clock.every(BEAT_MS, () => publisher.beat());
  clock.every(1_000, () => metrics.sweep(clock.now(), () => null));
  const registry = createRegistry({
    ...{ clock, streams: publisher, build: 'bench', areTopicNamesHidden: false },
    gatekeeper: {
      decide: () => ({ allow: true, scope: 'all', until: null, path: [] }),
      owner: () => ({ owner: 'admins', groupId: null, isSensitive: false, pattern: null }),
    },
    upstreamOf: () => ({ state: 'live', since: 0 }),
    history: () => 'no_such_topic',
    readTopics: () => [],
    inFlightMaxBytes: config.IN_FLIGHT_MAX_BYTES,
    connectionsMax: config.CONNECTIONS_MAX,
    connectionsPerPrincipalMax: config.CONNECTIONS_MAX,
  });
  const server = Fastify();
  const principal = { kind: 'token', id: 'bench', name: 'bench' } as const;
  await server.register(socketPlugin, {
    ...{ registry, allowedOrigins: [] },
    authenticate: async () => ({ principal, lease: null }),
  });
  await server.listen({ host: '127.0.0.1', port: 0 });
  return (server.server.address() as AddressInfo).port;
}
