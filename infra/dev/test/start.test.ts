// `npm start` from the outside: what it leaves behind, what it survives, and how soon it is back.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ownDataDir, startGateway } from '../gateway-process.ts';

const data = ownDataDir();
const noPages = mkdtempSync(join(tmpdir(), 'tidewatch-pages-'));
const env = { DATA_DIR: data.path, STATIC_DIR: noPages };
let cookie = '';
const headers = () => ({ 'content-type': 'application/json', 'x-tidewatch': '1', cookie });

/** Processes of the database that was started under this folder. */
function databaseProcesses(): string {
  try {
    return execFileSync('pgrep', ['-f', data.path]).toString();
  } catch {
    return '';
  }
}

beforeAll(async () => {
  const gateway = await startGateway(env);
  expect(gateway.output()).toContain('Tidewatch is up: http://localhost:');
  const answer = await fetch(`${gateway.url}/api/sign-in`, {
    method: 'POST',
    headers: headers(),
    body: JSON.stringify({ name: 'admin', password: 'admin' }),
  });
  cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? '';
  expect(answer.status, await answer.text()).toBe(200);
  const made = await fetch(`${gateway.url}/api/groups`, {
    method: 'POST',
    headers: headers(),
    body: JSON.stringify({ name: 'night-shift' }),
  });
  expect(made.ok, await made.text()).toBe(true);
  await gateway.end('SIGKILL');
}, 90_000);
afterAll(() => {
  data.remove();
  rmSync(noPages, { recursive: true, force: true });
});

test('after kill -9 it is ready again within 3 s, with all that the database held, and the login still good', async () => {
  const startedAt = performance.now();
  const gateway = await startGateway(env);
  expect(performance.now() - startedAt).toBeLessThan(3_000);
  const answer = await fetch(`${gateway.url}/api/groups`, { headers: headers() });
  const { groups } = (await answer.json()) as { groups: { name: string }[] };
  expect(groups.map((group) => group.name)).toContain('night-shift');
  expect(await gateway.end('SIGTERM')).toBe(0);
  expect(databaseProcesses()).toBe('');
});

test('SIGINT stops it cleanly too, also when it comes twice, and leaves no process behind', async () => {
  const gateway = await startGateway(env);
  gateway.child.kill('SIGINT');
  expect(await gateway.end('SIGINT')).toBe(0);
  expect(databaseProcesses()).toBe('');
});

test('two on one data folder: the second says so and touches nothing', async () => {
  const gateway = await startGateway(env);
  await expect(startGateway(env)).rejects.toThrow(/in use|already|other/i);
  expect((await fetch(`${gateway.url}/ready`)).ok).toBe(true);
  expect(await gateway.end('SIGTERM')).toBe(0);
});

test('a setting that is wrong stops the start with its name', async () => {
  await expect(startGateway({ ...env, REPLAY_MS: 'soon' })).rejects.toThrow(/REPLAY_MS="soon" wants a number/);
  expect(databaseProcesses()).toBe('');
});

test('the demo token is for its owner alone to read', () => {
  expect(readFileSync(join(data.path, 'demo-token'), 'utf8').trim()).not.toBe('');
});
