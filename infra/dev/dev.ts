// `npm run dev`: the try-out gateway, started anew when its code changes, and the pages straight from their sources on
// http://127.0.0.1:5199, where a change shows without a reload. Both end together.
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { dieWithParent } from './die-with-parent.ts';

const root = join(import.meta.dirname, '../..');
const pages = 'http://127.0.0.1:5199';

// The pages come from Vite: the gateway needs to build none, and must take sockets from their address.
const gatewayEnv = { STATIC_DIR: join(root, 'frontend/static'), ALLOWED_ORIGINS: pages };
const port = process.env.PORT || '8080';
const children = [
  start(['--watch', join(root, 'infra/dev/start.ts')], root, gatewayEnv),
  start([join(root, 'node_modules/vite/bin/vite.js'), 'dev'], join(root, 'frontend'), {
    BACKEND_URL: `http://127.0.0.1:${port}`,
  }),
];
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
for (const child of children) child.once('exit', stop);
console.log(`Pages with live reload: ${pages}`);

function start(args: string[], cwd: string, env: Record<string, string>): ChildProcess {
  const [command, ...rest] = dieWithParent('TERM', [process.execPath, ...process.execArgv, ...args]);
  return spawn(command, rest, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'inherit', 'inherit'] });
}

function stop(): void {
  for (const child of children) child.kill('SIGTERM');
}
