import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { freePort } from '../../dev/free-port.ts';
import { isAlive } from '../../postgres/data-lock.ts';
import { startBroker } from '../broker.ts';

test('a broker of a temporary folder leaves neither process nor folder', async () => {
  const broker = await startBroker();
  const pid = broker.pid ?? 0;
  expect(isAlive(pid)).toBe(true);
  await broker.stop();
  expect(isAlive(pid)).toBe(false);
  expect(existsSync(broker.dir)).toBe(false);
});

test.each(['SIGTERM', 'SIGKILL'] as const)(
  '`npm run kafka` ended by %s takes its broker along',
  async (signal) => {
    const dir = mkdtempSync(join(tmpdir(), 'tidewatch-kafka-test-'));
    chmodSync(dir, 0o755);
    const env = { ...process.env, KAFKA_DIR: dir, KAFKA_PORT: String(await freePort()) };
    const child = spawn(process.execPath, [join(import.meta.dirname, '../kafka.ts')], {
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let text = '';
    child.stdout.on('data', (chunk) => (text += chunk));
    await until(() => /listens on .*process (\d+)/.test(text));
    const pid = Number(/listens on .*process (\d+)/.exec(text)?.[1]);
    expect(isAlive(pid)).toBe(true);
    child.kill(signal);
    await until(() => !isAlive(pid));
    rmSync(dir, { recursive: true, force: true });
  },
  60_000,
);

async function until(isTrue: () => boolean): Promise<void> {
  for (const end = Date.now() + 30_000; !isTrue(); ) {
    if (Date.now() > end) throw new Error('waited in vain');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
