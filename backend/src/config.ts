// Every setting of the gateway: default, unit and meaning in one table, parsed once at start. A setting that does not
// parse stops the start with its name, what was given and what is wanted. docs/OPERATIONS.md lists the same table.
import { z } from 'zod';

interface Setting<S extends z.ZodType> {
  readonly schema: S;
  readonly unit: string;
  readonly meaning: string;
}

const setting = <S extends z.ZodType>(schema: S, unit: string, meaning: string): Setting<S> => ({
  schema,
  unit,
  meaning,
});

const flag = z.enum(['0', '1', 'true', 'false'], 'wants 1 or 0').transform((text) => text === '1' || text === 'true');
const count = (min: number, max: number) =>
  z.coerce
    .number(`wants a number`)
    .int('wants a whole number')
    .min(min, `wants at least ${min}`)
    .max(max, `wants at most ${max}`);
const text = z.string().min(1, 'is empty: leave it out instead');
const list = text.transform((value) =>
  value
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== ''),
);

const DAY_MS = 86_400_000;

export const SETTINGS = {
  HOST: setting(
    text.default('127.0.0.1'),
    'address',
    'Where the gateway listens. DEMO=1 is refused on anything but loopback.',
  ),
  PORT: setting(count(0, 65_535).default(8080), 'port', 'Port of HTTP and WebSocket; 0 takes a free one.'),
  DATA_DIR: setting(text.default('./data'), 'path', 'Embedded database, demo token and other local files.'),
  STATIC_DIR: setting(text.optional(), 'path', 'The built dashboard; without it the gateway serves the API alone.'),
  LOG_LEVEL: setting(
    z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'silent']).default('info'),
    'level',
    'Least level that is logged.',
  ),
  DEMO: setting(
    flag.default(false),
    '1 or 0',
    'Creates the demo people admin, operator and viewer and offers them on the sign-in page.',
  ),
  DATABASE_URL: setting(
    text.optional(),
    'URL',
    'PostgreSQL 15 or newer; without it `npm start` runs one under DATA_DIR.',
  ),
  ALLOWED_ORIGINS: setting(
    list.default([]),
    'list',
    'Origins besides that of the gateway from which a page may open a socket or write.',
  ),
  TRUST_PROXY: setting(
    flag.default(false),
    '1 or 0',
    'Takes the client address and https from X-Forwarded-* of the proxy in front.',
  ),
  KAFKA_BROKERS: setting(
    list.optional(),
    'list',
    'host:port of brokers; without it the embedded source runs, fed by the simulated shop.',
  ),
  KAFKA_TOPIC_PREFIX: setting(
    text.default('metrics.'),
    'text',
    'Kafka topics that begin so are read; the rest of the name is the topic.',
  ),
  KAFKA_TLS_CA: setting(
    text.optional(),
    'path',
    'PEM of the authority that signed the brokers; setting any KAFKA_TLS_* turns TLS on.',
  ),
  KAFKA_TLS_CERT: setting(text.optional(), 'path', 'PEM of the client certificate.'),
  KAFKA_TLS_KEY: setting(text.optional(), 'path', 'PEM of the client key.'),
  KAFKA_TLS: setting(
    flag.optional(),
    '1 or 0',
    'TLS with the authorities of the system, where no KAFKA_TLS_CA is given.',
  ),
  KAFKA_SASL_MECHANISM: setting(
    z.enum(['plain', 'scram-sha-256', 'scram-sha-512']).optional(),
    'name',
    'How the gateway signs in to Kafka.',
  ),
  KAFKA_SASL_USERNAME: setting(text.optional(), 'text', 'With KAFKA_SASL_MECHANISM.'),
  KAFKA_SASL_PASSWORD: setting(text.optional(), 'secret', 'With KAFKA_SASL_MECHANISM.'),
  PUBLIC_URL: setting(
    z.url('wants an address such as https://tidewatch.example.com').optional(),
    'URL',
    'The address that browsers use; an OpenID Connect provider sends people back to it.',
  ),
  OIDC_ISSUER: setting(
    z.url('wants the address of the provider').optional(),
    'URL',
    'An OpenID Connect provider to sign in with, beside local passwords.',
  ),
  OIDC_CLIENT_ID: setting(text.optional(), 'text', 'With OIDC_ISSUER.'),
  OIDC_CLIENT_SECRET: setting(text.optional(), 'secret', 'With OIDC_ISSUER.'),
  OIDC_LABEL: setting(text.default('single sign-on'), 'text', 'What the sign-in page calls the provider.'),
  OIDC_GROUPS_CLAIM: setting(text.default('groups'), 'text', 'The claim that names the groups of a person.'),
  REPLAY_MS: setting(
    count(0, DAY_MS).default(900_000),
    'ms',
    'How much of Kafka is read again at start before /ready.',
  ),
  SERIES_PER_TOPIC_MAX: setting(
    count(1, 1_000_000).default(20_000),
    'series',
    'A topic with more refuses new series, counted and shown.',
  ),
  SERIES_MAX: setting(count(1, 5_000_000).default(100_000), 'series', 'All topics together.'),
  HISTORY_MAX_BYTES: setting(
    count(1_000_000, Number.MAX_SAFE_INTEGER).default(4_000_000_000),
    'bytes',
    'Memory of all histories; beyond it new series are refused.',
  ),
  CONNECTIONS_MAX: setting(
    count(1, 1_000_000).default(20_000),
    'sockets',
    'Beyond it a socket is closed with 1013, try again later.',
  ),
  CONNECTIONS_PER_PRINCIPAL_MAX: setting(
    count(1, 1_000_000).default(200),
    'sockets',
    'The same for one person or token.',
  ),
  IN_FLIGHT_MAX_BYTES: setting(
    count(1_024, 1 << 30).default(65_536),
    'bytes',
    'What a client may have untaken, beyond a snapshot, before its ticks are merged.',
  ),
  TOPIC_NAMES_HIDDEN: setting(
    flag.default(false),
    '1 or 0',
    'Hides names and owners of topics that a person may not subscribe to.',
  ),
  POLICY_STALE_MAX_MS: setting(
    count(0, DAY_MS).default(600_000),
    'ms',
    'How long decisions go on from the last known policy without the database.',
  ),
} as const satisfies Record<string, Setting<z.ZodType>>;

type Settings = typeof SETTINGS;
export type Config = { readonly [K in keyof Settings]: z.output<Settings[K]['schema']> };

export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** Reads settings from an environment. An empty variable counts as not set. Throws ConfigError naming every fault. */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const faults: string[] = [];
  const config: Record<string, unknown> = {};
  for (const [name, { schema }] of Object.entries(SETTINGS)) {
    const given = env[name] === '' ? undefined : env[name];
    const parsed = (schema as z.ZodType).safeParse(given);
    if (parsed.success) config[name] = parsed.data;
    else
      faults.push(
        `${name}=${JSON.stringify(isSecret(name) ? '…' : given)} ${parsed.error.issues[0]?.message ?? 'is not valid'}`,
      );
  }
  if (faults.length === 0) faults.push(...contradictions(config as Config));
  if (faults.length > 0) throw new ConfigError(faults.join('\n'));
  return config as Config;
}

function contradictions(config: Config): string[] {
  const faults: string[] = [];
  if (config.DEMO && !isLoopback(config.HOST))
    faults.push(`DEMO=1 with HOST=${config.HOST}: the demo passwords are public. Unset DEMO, or listen on 127.0.0.1.`);
  if (
    config.KAFKA_SASL_MECHANISM !== undefined &&
    (config.KAFKA_SASL_USERNAME === undefined || config.KAFKA_SASL_PASSWORD === undefined)
  )
    faults.push('KAFKA_SASL_MECHANISM wants KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD beside it.');
  if ((config.KAFKA_TLS_CERT === undefined) !== (config.KAFKA_TLS_KEY === undefined))
    faults.push('KAFKA_TLS_CERT and KAFKA_TLS_KEY go together: set both or neither.');
  const oidc = [config.OIDC_ISSUER, config.OIDC_CLIENT_ID, config.OIDC_CLIENT_SECRET];
  if (oidc.some((one) => one !== undefined) && [...oidc, config.PUBLIC_URL].includes(undefined))
    faults.push('OIDC_ISSUER, OIDC_CLIENT_ID, OIDC_CLIENT_SECRET and PUBLIC_URL go together: set all or none.');
  return faults;
}

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);
}

function isSecret(name: string): boolean {
  return /PASSWORD|SECRET|KEY|DATABASE_URL/.test(name);
}
