// A real PostgreSQL on a loopback port of its own, for trying Tidewatch out and for tests: no installation, no sockets in
// the file system, a password for everyone. Promises: ready when the promise resolves; one Tidewatch a folder; nothing that
// was committed is lost by kill -9; a server that outlived a killed Tidewatch is used again; `stop` leaves no process.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { dieWithParent } from '../dev/die-with-parent.ts';
import { freePort } from '../dev/free-port.ts';
import { type Cluster, openCluster } from './cluster.ts';
import { isAlive, lockData } from './data-lock.ts';
import { canReach, postgresBinaries, serverUser, sharedFolder } from './postgres-binaries.ts';

export interface EmbeddedPostgres {
  /** postgresql://tidewatch:...@127.0.0.1:<port>/tidewatch */
  url: string;
  stop(): Promise<void>;
}

const READY_MS = 30_000;
const STOP_MS = 10_000;
const POLL_MS = 10;

export async function startPostgres(options: {
  /** Kept between starts: the server's files, its password and its port. */
  dataDir: string;
  log: (line: string) => void;
}): Promise<EmbeddedPostgres> {
  const home = resolve(options.dataDir);
  mkdirSync(home, { recursive: true });
  const unlock = lockData(home);
  try {
    const cluster = openCluster(home, placeFor(home, options.log));
    const server = (await running(cluster)) ?? (await launch(home, cluster));
    return {
      url: urlOf(cluster, server.port),
      async stop() {
        await end(server.pid);
        unlock();
      },
    };
  } catch (error) {
    unlock();
    throw error;
  }
}

/** The server's user must be able to enter the folder; one that is closed to it keeps its files in a shared one. */
function placeFor(home: string, log: (line: string) => void): string {
  if (serverUser) chmodSync(home, 0o711);
  if (canReach(home)) return home;
  const place = join(sharedFolder, createHash('sha256').update(home).digest('hex').slice(0, 12));
  mkdirSync(place, { recursive: true, mode: 0o711 });
  log(`PostgreSQL may not run as root, and no other user can enter ${home}: its files are in ${place}`);
  return place;
}

interface Server {
  pid: number;
  port: number;
}

/** The server that a killed Tidewatch left, if it still answers. One that is ending is waited for. */
async function running(cluster: Cluster): Promise<Server | null> {
  const file = join(cluster.dir, 'postmaster.pid');
  for (const until = Date.now() + STOP_MS; ; await sleep(POLL_MS)) {
    const [pid, , , port] = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
    const server = { pid: Number(pid), port: Number(port) };
    if (!isAlive(server.pid) || !isPostgres(server.pid)) {
      rmSync(file, { force: true });
      return null;
    }
    if (await answers(urlOf(cluster, server.port))) return server;
    if (Date.now() > until) await end(server.pid);
  }
}

function isPostgres(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('postgres');
  } catch {
    // Without /proc the number alone must do.
    return process.platform !== 'linux';
  }
}

async function launch(home: string, cluster: Cluster): Promise<Server> {
  const port = await portFor(home);
  const settings = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    shared_buffers: '64MB',
    max_connections: '60',
    log_timezone: 'UTC',
    timezone: 'UTC',
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const [command, ...args] = dieWithParent('INT', [
    postgresBinaries().postgres,
    '-D',
    cluster.dir,
    '-p',
    `${port}`,
    ...flags,
  ]);
  const logFile = join(home, 'postgres.log');
  const log = openSync(logFile, 'w');
  // In a group of its own: Ctrl-C is for Tidewatch, which says good-bye to the database last.
  const child = spawn(command, args, {
    ...(serverUser ?? {}),
    cwd: '/',
    detached: true,
    stdio: ['ignore', log, log],
    env: { PATH: process.env.PATH, LC_ALL: 'C' },
  });
  const state: { ended: string | null } = { ended: null };
  child.on('error', (error) => (state.ended = error.message));
  child.on('exit', (code) => (state.ended = `it ended with ${code}`));
  child.unref();
  process.once('exit', () => child.kill('SIGINT'));
  for (const until = Date.now() + READY_MS; ; await sleep(POLL_MS)) {
    if (state.ended !== null || Date.now() > until) {
      child.kill('SIGKILL');
      throw new Error(
        `PostgreSQL did not start (${state.ended ?? 'too slow'}):\n${readFileSync(logFile, 'utf8').slice(-2000)}`,
      );
    }
    if (child.pid && (await answers(urlOf(cluster, port)))) return { pid: child.pid, port };
  }
}

/** The port of last time, so that a connection somebody noted down goes on working, unless it was taken since. */
async function portFor(home: string): Promise<number> {
  const file = join(home, 'port');
  const last = existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0;
  if (last > 0 && (await isFree(last))) return last;
  const port = await freePort();
  writeFileSync(file, `${port}\n`);
  return port;
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => resolve(false));
    socket.on('error', () => resolve(true));
    socket.on('close', () => socket.destroy());
    socket.setTimeout(500, () => resolve(false));
    socket.on('connect', () => socket.destroy());
  });
}

async function answers(connectionString: string): Promise<boolean> {
  const client = new Client({ connectionString, connectionTimeoutMillis: 2000 });
  client.on('error', () => {});
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => {});
  }
}

const urlOf = (cluster: Cluster, port: number): string =>
  `postgresql://tidewatch:${cluster.password}@127.0.0.1:${port}/tidewatch`;

/** SIGINT ends sessions and writes everything down; SIGQUIT leaves that to the next start. Both lose nothing. */
async function end(pid: number): Promise<void> {
  const stopping = Date.now();
  if (isAlive(pid)) process.kill(pid, 'SIGINT');
  let hurried = false;
  for (; isAlive(pid); await sleep(POLL_MS)) {
    if (hurried || Date.now() - stopping < STOP_MS) continue;
    process.kill(pid, 'SIGQUIT');
    hurried = true;
  }
}
