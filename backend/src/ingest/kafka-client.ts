// How the gateway connects to Kafka: brokers, TLS, sign-in, retries that give up soon enough to tell, and kafkajs' own
// log turned down to what somebody can act on.
import kafkajs, { type Kafka, type KafkaConfig, type RetryOptions, type SASLOptions } from 'kafkajs';
import type { Logger } from 'pino';
import { registerKafkaCodecs } from './kafka-codecs.ts';

export interface KafkaTls {
  /** PEM texts. Without `ca` the authorities of the system count. */
  readonly ca: string | undefined;
  readonly cert: string | undefined;
  readonly key: string | undefined;
}

export interface KafkaSasl {
  readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512';
  readonly username: string;
  readonly password: string;
}

export interface KafkaClientOptions {
  readonly brokers: readonly string[];
  readonly tls: KafkaTls | null;
  readonly sasl: KafkaSasl | null;
  readonly log: Logger;
}

const CONNECT_MAX_MS = 3_000;
const REQUEST_MAX_MS = 10_000;
/** For reading: as long as it takes. */
export const PATIENT = { retries: Number.MAX_SAFE_INTEGER, initialRetryTime: 100, maxRetryTime: 1_000 } as const;
/** For asking and producing: whoever asks wants to know. A Kafka topic that is made by the first record takes two tries. */
export const IMPATIENT = { retries: 4, initialRetryTime: 100, maxRetryTime: 500 } as const;

export function createKafkaClient({ brokers, tls, sasl, log }: KafkaClientOptions, retry: RetryOptions): Kafka {
  registerKafkaCodecs();
  const config: KafkaConfig = {
    clientId: 'tidewatch',
    brokers: [...brokers],
    connectionTimeout: CONNECT_MAX_MS,
    requestTimeout: REQUEST_MAX_MS,
    retry,
    logLevel: kafkajs.logLevel.WARN,
    // Every retry of every request is an error to kafkajs. The source says once that Kafka is away.
    logCreator: () => (entry) => log.debug({ kafka: entry.log.message, namespace: entry.namespace }, 'kafkajs'),
  };
  if (tls !== null) config.ssl = tlsOptions(tls);
  if (sasl !== null) config.sasl = { ...sasl } as SASLOptions;
  return new kafkajs.Kafka(config);
}

function tlsOptions({ ca, cert, key }: KafkaTls): NonNullable<KafkaConfig['ssl']> {
  return {
    ...(ca === undefined ? {} : { ca: [ca] }),
    ...(cert === undefined || key === undefined ? {} : { cert, key }),
  };
}
