// Builds the browser half when what it is made from has changed since the last build, judged by content: a fresh checkout
// gives every file a new date.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { dieWithParent } from './die-with-parent.ts';

const root = join(import.meta.dirname, '../..');
const inputs = ['frontend/src/**/*.*', 'frontend/static/**/*.*', 'frontend/*.{ts,json}', 'schemas/src/**/*.ts'];
const stamp = join(root, 'node_modules/.cache/tidewatch/frontend-build');

/** The folder with the built pages. */
export const frontendBuild = join(root, 'frontend/build');

export async function buildFrontendWhenStale(log: (line: string) => void): Promise<void> {
  const want = contentHash();
  const built = existsSync(stamp) ? readFileSync(stamp, 'utf8') : '';
  if (built === want && existsSync(join(frontendBuild, 'index.html'))) return;
  log('Building the pages (once; again only when they change) ...');
  await build();
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, want);
}

function contentHash(): string {
  const hash = createHash('sha256');
  for (const file of [...globSync(inputs, { cwd: root }).sort(), 'package-lock.json']) {
    hash.update(`${file}\0`).update(readFileSync(join(root, file)));
  }
  return hash.digest('hex');
}

function build(): Promise<void> {
  const vite = join(root, 'node_modules/vite/bin/vite.js');
  const [command, ...args] = dieWithParent('KILL', [process.execPath, vite, 'build', '--logLevel', 'warn']);
  const child = spawn(command, args, { cwd: join(root, 'frontend'), stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  child.stdout.on('data', (chunk) => (text += chunk));
  child.stderr.on('data', (chunk) => (text += chunk));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => (code === 0 ? resolve() : reject(new Error(`The pages could not be built:\n${text}`))));
  });
}
