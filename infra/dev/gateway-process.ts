// A gateway in a process of its own, for tests from the outside: what `npm start` runs, with data in a folder of its own.
import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port.ts';

export interface GatewayProcess {
  readonly url: string;
  readonly child: ChildProcess;
  /** What it printed so far. */
  output(): string;
  /** Resolves with the exit code; null after a signal that it did not handle. */
  end(signal: NodeJS.Signals): Promise<number | null>;
}

const READY_MS = 60_000;

/** A folder that other users can enter: PostgreSQL runs as another one where the tests run as root. */
export function ownDataDir(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'tidewatch-data-'));
  chmodSync(path, 0o755);
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** Resolves when /ready says so. */
export async function startGateway(env: Readonly<Record<string, string>>): Promise<GatewayProcess> {
  const port = env.PORT ?? String(await freePort());
  const url = `http://127.0.0.1:${port}`;
  const { DATABASE_URL: _d, KAFKA_BROKERS: _k, ...rest } = process.env;
  const child = spawn(
    process.execPath,
    ['--disable-warning=TimeoutNegativeWarning', join(import.meta.dirname, 'start.ts')],
    {
      env: { ...rest, LOG_LEVEL: 'warn', ...env, PORT: port },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let output = '';
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  child.stdout.on('data', (chunk) => (output += chunk));
  child.stderr.on('data', (chunk) => (output += chunk));
  for (const until = Date.now() + READY_MS; !(await isReady(url)); ) {
    if (child.exitCode !== null || Date.now() > until) throw new Error(`The gateway did not get ready:\n${output}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return {
    url,
    child,
    output: () => output,
    end(signal) {
      child.kill(signal);
      return ended;
    },
  };
}

async function isReady(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/ready`)).ok;
  } catch {
    return false;
  }
}
