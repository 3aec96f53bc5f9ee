// A real single-node Kafka broker (KRaft) on loopback, for development, tests and benches. Promises: ready when the
// promise resolves; `kill` is a SIGKILL and `restart` comes back on the same ports with the same records; nothing is left
// behind after `stop`, and on Linux not even when the process that started it is killed. Refuses without Java or Maven.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import {
  cpSync,
  createWriteStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cacheDir } from '../dev/cache-dir.ts';
import { dieWithParent } from '../dev/die-with-parent.ts';
import { freePort } from '../dev/free-port.ts';
import {
  type BrokerUser,
  makeKeys,
  protocolMap,
  type SecuredListeners,
  scramArguments,
  securedNames,
  securityProperties,
} from './broker-security.ts';
import { kafkaJars, kafkaVersion } from './kafka-jars.ts';

export interface BrokerOptions {
  /** Kept between starts. Without it a temporary folder is used and removed by `stop`. */
  dir?: string;
  /** Left out: free ports. */
  port?: number;
  controllerPort?: number;
  /** More lines for server.properties; they win. */
  properties?: Record<string, string>;
  /** Adds the listeners of `SecuredListeners` for this user beside the plain one. */
  security?: BrokerUser;
  log?: (line: string) => void;
}

export interface Broker {
  /** host:port of the plain listener. */
  readonly brokers: string;
  readonly pid: number | undefined;
  readonly dir: string;
  readonly secured: SecuredListeners | null;
  /** Resolves when the process ends by itself, is killed or stopped; asks anew after a `restart`. */
  exited(): Promise<void>;
  stop(): Promise<void>;
  kill(): Promise<void>;
  restart(): Promise<void>;
}

const READY_MS = 60_000;
const STOP_MS = 15_000;

export async function startBroker(options: BrokerOptions = {}): Promise<Broker> {
  const jars = await kafkaJars();
  const dir = options.dir ?? mkdtempSync(join(tmpdir(), 'tidewatch-kafka-'));
  mkdirSync(dir, { recursive: true });
  const log = options.log ?? (() => {});
  const port = options.port ?? (await freePort());
  const secured = options.security ? await secure(dir, options.security) : null;
  const config = join(dir, 'server.properties');
  const controllerPort = options.controllerPort ?? (await freePort());
  writeFileSync(config, serverProperties({ dir, port, controllerPort, secured, extra: options.properties ?? {} }));
  await format(jars, dir, options.security, config);

  let child = await launch(jars, dir, config, log);
  const end = async (signal: 'SIGTERM' | 'SIGKILL'): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = new Promise((resolve) => child.once('exit', resolve));
    child.kill(signal);
    const late = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
    await exited;
    clearTimeout(late);
  };
  return {
    brokers: `127.0.0.1:${port}`,
    dir,
    secured,
    get pid() {
      return child.pid;
    },
    exited: () =>
      new Promise((resolve) => {
        if (child.exitCode !== null || child.signalCode !== null) resolve();
        else child.once('exit', () => resolve());
      }),
    kill: () => end('SIGKILL'),
    async restart() {
      await end('SIGTERM');
      child = await launch(jars, dir, config, log);
    },
    async stop() {
      // A broker of a temporary folder has nothing to save: an orderly end would only cost a second.
      await end(options.dir ? 'SIGTERM' : 'SIGKILL');
      if (!options.dir) rmSync(dir, { recursive: true, force: true });
    },
  };
}

async function secure(dir: string, user: BrokerUser): Promise<SecuredListeners> {
  const { ca, cert, key } = makeKeys(dir);
  const address = async (): Promise<string> => `127.0.0.1:${await freePort()}`;
  const [tls, mutualTls, sasl, saslTls] = [await address(), await address(), await address(), await address()];
  return { tls, mutualTls, sasl, saslTls, user, ca, cert, key };
}

interface Shape {
  dir: string;
  port: number;
  controllerPort: number;
  secured: SecuredListeners | null;
  extra: Record<string, string>;
}

function serverProperties({ dir, port, controllerPort, secured, extra }: Shape): string {
  const plain = `PLAINTEXT://127.0.0.1:${port}`;
  const addresses = secured ? [secured.tls, secured.mutualTls, secured.sasl, secured.saslTls] : [];
  const clients = [plain, ...addresses.map((address, i) => `${securedNames[i]}://${address}`)].join(',');
  const properties = {
    'process.roles': 'broker,controller',
    'node.id': '1',
    listeners: `${clients},CONTROLLER://127.0.0.1:${controllerPort}`,
    'advertised.listeners': clients,
    'controller.listener.names': 'CONTROLLER',
    'controller.quorum.voters': `1@127.0.0.1:${controllerPort}`,
    'listener.security.protocol.map': `CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT${secured ? `,${protocolMap}` : ''}`,
    'offsets.topic.replication.factor': '1',
    'offsets.topic.num.partitions': '1',
    'transaction.state.log.replication.factor': '1',
    'transaction.state.log.num.partitions': '1',
    'transaction.state.log.min.isr': '1',
    'group.initial.rebalance.delay.ms': '0',
    // A killed broker may register again only when its old session has ended: 9 s by default.
    'broker.session.timeout.ms': '5000',
    'broker.heartbeat.interval.ms': '1000',
    'log.retention.hours': '24',
    'log.retention.bytes': String(256 * 1024 * 1024),
    'log.segment.bytes': String(64 * 1024 * 1024),
    'log.dirs': join(dir, 'log'),
    ...(secured ? securityProperties({ ca: secured.ca, server: join(dir, 'server-both.pem') }, secured.user) : {}),
    ...extra,
  };
  return Object.entries(properties)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}

/** Formatting takes a Java of its own for a second: without users it is the same for all, done once and copied. */
async function format(jars: string, dir: string, user: BrokerUser | undefined, config: string): Promise<void> {
  const place = join(dir, 'log');
  if (existsSync(join(place, 'meta.properties'))) return;
  if (user) return formatWith(jars, config, scramArguments(user));
  const formatted = await cacheDir(`kafka-formatted-${kafkaVersion}`, async (making) => {
    const own = join(making, 'server.properties');
    const shape = { dir: making, port: 9092, controllerPort: 9093, secured: null, extra: {} };
    writeFileSync(own, serverProperties(shape));
    formatWith(jars, own, []);
  });
  cpSync(join(formatted, 'log'), place, { recursive: true });
}

function formatWith(jars: string, config: string, more: string[]): void {
  const id = Buffer.from(randomUUID().replaceAll('-', ''), 'hex').toString('base64url');
  const tool = ['-XX:TieredStopAtLevel=1', '-cp', `${jars}/*`, 'kafka.tools.StorageTool', 'format'];
  execFileSync('java', [...tool, `--cluster-id=${id}`, '-c', config, ...more], { stdio: 'pipe' });
}

function launch(jars: string, dir: string, config: string, log: (line: string) => void): Promise<ChildProcess> {
  const logging = `-Dlog4j2.configurationFile=${join(import.meta.dirname, 'log4j2.properties')}`;
  const java = ['java', '-Xms64m', '-Xmx512m', logging, '-cp', `${jars}/*`, 'kafka.Kafka', config];
  // A killed test run leaves no Java behind.
  const [command, ...args] = dieWithParent('KILL', java);
  const file = createWriteStream(join(dir, 'broker.log'), { flags: 'a' });
  file.on('error', () => {});
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  process.once('exit', () => child.kill('SIGKILL'));
  return new Promise((resolve, reject) => {
    const slow = setTimeout(() => fail(`not ready after ${READY_MS / 1000} s`), READY_MS);
    const fail = (why: string): void => {
      clearTimeout(slow);
      child.kill('SIGKILL');
      const tail = existsSync(join(dir, 'broker.log'))
        ? readFileSync(join(dir, 'broker.log'), 'utf8').slice(-2000)
        : '';
      reject(new Error(`The Kafka broker did not start: ${why}\n${tail}`));
    };
    const gone = (code: number | null): void => void setTimeout(() => fail(`its process ended (${code})`), 100);
    child.once('error', (error) => fail(error.message));
    child.once('exit', gone);
    const read = (chunk: Buffer): void => {
      file.write(chunk);
      for (const line of chunk.toString().split('\n')) if (line) log(line);
      if (!chunk.includes('Kafka Server started')) return;
      clearTimeout(slow);
      child.off('exit', gone);
      resolve(child);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('close', () => file.end());
  });
}
