// Which source the settings ask for: Kafka where KAFKA_BROKERS is set, else the embedded one. Part of the composition root.
import { readFileSync } from 'node:fs';
import type { Logger } from 'pino';
import type { Clock } from './clock.ts';
import type { Config } from './config.ts';
import { createEmbeddedSource } from './ingest/embedded-source.ts';
import type { Route } from './ingest/route.ts';
import type { Source } from './ingest/source.ts';

export interface SourceOptions {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Logger;
  readonly route: Route;
}

export async function openSource({ config, clock, log, route }: SourceOptions): Promise<Source> {
  if (config.KAFKA_BROKERS === undefined) return createEmbeddedSource({ clock, replayMs: config.REPLAY_MS });
  // Loaded only where it is used: it is most of the start-up time.
  const { createKafkaSource } = await import('./ingest/kafka-source.ts');
  return createKafkaSource({
    ...{ clock, log, route, brokers: config.KAFKA_BROKERS, replayMs: config.REPLAY_MS },
    tls: readTls(config),
    sasl: readSasl(config),
  });
}

function readTls(config: Config) {
  const { KAFKA_TLS: isOn, KAFKA_TLS_CA: ca, KAFKA_TLS_CERT: cert, KAFKA_TLS_KEY: key } = config;
  if (!isOn && ca === undefined && cert === undefined) return null;
  const read = (path: string | undefined) => (path === undefined ? undefined : readFileSync(path, 'utf8'));
  return { ca: read(ca), cert: read(cert), key: read(key) };
}

function readSasl({
  KAFKA_SASL_MECHANISM: mechanism,
  KAFKA_SASL_USERNAME: username,
  KAFKA_SASL_PASSWORD: password,
}: Config) {
  if (mechanism === undefined || username === undefined || password === undefined) return null;
  return { mechanism, username, password };
}
