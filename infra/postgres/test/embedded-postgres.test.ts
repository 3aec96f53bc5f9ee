import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { isAlive } from '../data-lock.ts';
import { startPostgres } from '../embedded-postgres.ts';

let dataDir: string;
const held: ChildProcess[] = [];
const log = (): void => {};

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'tidewatch-postgres-test-'));
  chmodSync(dataDir, 0o711);
});
afterEach(async () => {
  for (const child of held.splice(0)) child.kill('SIGKILL');
  // Also ends a server that a test left running on purpose.
  await (await startPostgres({ dataDir, log })).stop();
  rmSync(dataDir, { recursive: true, force: true });
});

test('keeps what was committed when everything around it is killed, and is up again at once', async () => {
  const { child, url } = await hold();
  await query(url, 'create table kept (n int)');
  await query(url, 'insert into kept values (42)');
  const pid = postmaster();
  child.kill('SIGKILL');
  if (canDieWithParent()) await until(() => !isAlive(pid));
  const startedAt = performance.now();
  const again = await startPostgres({ dataDir, log });
  expect(performance.now() - startedAt).toBeLessThan(3_000);
  expect(again.url).toBe(url);
  expect(await query(again.url, 'select n from kept')).toEqual([{ n: 42 }]);
  await again.stop();
});

test('a server that outlived its Tidewatch is used again, and stopped with the next one', async () => {
  // Without the command that ties it to its parent, as on a Mac.
  const { child, url } = await hold({ PATH: '/nonexistent' });
  const pid = postmaster();
  child.kill('SIGKILL');
  await until(() => child.signalCode !== null);
  expect(isAlive(pid)).toBe(true);
  const again = await startPostgres({ dataDir, log });
  expect(postmaster()).toBe(pid);
  expect(again.url).toBe(url);
  await again.stop();
  expect(isAlive(pid)).toBe(false);
});

test('a second Tidewatch on the same folder is refused, naming the first', async () => {
  const { child } = await hold();
  await expect(startPostgres({ dataDir, log })).rejects.toThrow(`process ${child.pid}`);
  child.kill('SIGTERM');
  await until(() => child.exitCode !== null);
  await (await startPostgres({ dataDir, log })).stop();
});

test('leaves no process and no lock after stop', async () => {
  const server = await startPostgres({ dataDir, log });
  const pid = postmaster();
  await server.stop();
  expect(isAlive(pid)).toBe(false);
  expect(existsSync(join(dataDir, 'lock'))).toBe(false);
  expect(execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' })).not.toContain(dataDir);
});

test('asks everyone for the password, which only this user can read', async () => {
  const server = await startPostgres({ dataDir, log });
  await expect(query(server.url.replace(/:[^:@]+@/, ':guess@'), 'select 1')).rejects.toThrow(/password/);
  expect(statSync(join(dataDir, 'password')).mode & 0o777).toBe(0o600);
  expect((await query(server.url, 'show listen_addresses'))[0]).toEqual({ listen_addresses: '127.0.0.1' });
  expect((await query(server.url, 'show unix_socket_directories'))[0]).toEqual({ unix_socket_directories: '' });
  await server.stop();
});

async function hold(env: Record<string, string> = {}): Promise<{ child: ChildProcess; url: string }> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'hold-postgres.ts'), dataDir], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  held.push(child);
  let text = '';
  child.stdout.on('data', (chunk) => (text += chunk));
  await until(() => text.includes('\n'));
  return { child, url: text.trim() };
}

async function query(connectionString: string, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString });
  try {
    await client.connect();
    return (await client.query(sql)).rows;
  } finally {
    await client.end().catch(() => {});
  }
}

function postmaster(): number {
  return Number(readFileSync(join(dataDir, 'cluster/postmaster.pid'), 'utf8').split('\n')[0]);
}

function canDieWithParent(): boolean {
  return spawnSync('setpriv', ['--pdeathsig', 'KILL', 'true']).status === 0;
}

async function until(isTrue: () => boolean): Promise<void> {
  for (const end = Date.now() + 15_000; !isTrue(); ) {
    if (Date.now() > end) throw new Error('waited in vain');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
