// The launcher behind every `npm run` script. Needs no dependencies and runs on any Node from 18 on: installs from the
// lockfile when it changed, then runs the given file on the project's own Node. Passes signals on, so that stopping npm
// stops everything, and ends with the child's exit code.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ORPHAN_POLL_MS = 500;
const root = fileURLToPath(new URL('../..', import.meta.url));
const bin = join(root, 'node_modules', '.bin');
const stamp = join(root, 'node_modules', '.install-stamp');
const want = createHash('sha256')
  .update(readFileSync(join(root, 'package-lock.json')))
  .update(process.platform + process.arch)
  .digest('hex');

if (!existsSync(stamp) || readFileSync(stamp, 'utf8').trim() !== want) install();

/** npm is started the way it was started itself: `process.execPath` may be a Node inside the folder being replaced. */
function install() {
  const { npm_execpath: cli, npm_node_execpath: node } = process.env;
  const [command, ...before] = cli && node ? [node, cli] : ['npm'];
  const args = [...before, 'ci', '--no-audit', '--no-fund', '--loglevel=error'];
  console.error('Installing dependencies (once; again only when package-lock.json changes) ...');
  // Its output goes to stderr: stdout belongs to the script, which may print JSON.
  const { status } = spawnSync(command, args, { cwd: root, stdio: ['ignore', 2, 2] });
  if (status !== 0) process.exit(status ?? 1);
  writeFileSync(stamp, want);
}

const isWindows = process.platform === 'win32';
const node = join(bin, isWindows ? 'node.cmd' : 'node');
const command = [node, '--disable-warning=TimeoutNegativeWarning', ...process.argv.slice(2)];
// Where the kernel can end a process with its parent, a killed npm leaves nothing behind.
if (existsSync('/usr/bin/setpriv')) command.unshift('/usr/bin/setpriv', '--pdeathsig', 'TERM');
const child = spawn(command[0], command.slice(1), {
  cwd: root,
  stdio: 'inherit',
  shell: isWindows,
  env: { ...process.env, PATH: bin + delimiter + process.env.PATH },
});
const parent = process.ppid;
setInterval(() => process.ppid !== parent && child.kill('SIGTERM'), ORPHAN_POLL_MS).unref();
// `on`, not `once`: Ctrl-C reaches the child twice, from the terminal and from here.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('error', (error) => {
  console.error(`The project's Node could not be started (${node}): ${error.message}`);
  process.exit(1);
});
child.on('exit', (code, signal) => {
  if (!signal) process.exit(code ?? 1);
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
});
