// A command line whose process the kernel ends together with the process that starts it, even on kill -9. Only Linux can;
// elsewhere the command comes back as it was, and whoever uses it must cope with one that outlived its parent.
import { spawnSync } from 'node:child_process';

let isPossible: boolean | undefined;

export function dieWithParent(signal: 'KILL' | 'INT' | 'TERM', command: string[]): [string, ...string[]] {
  isPossible ??=
    process.platform === 'linux' &&
    spawnSync('setpriv', ['--pdeathsig', 'KILL', 'true'], { stdio: 'ignore' }).status === 0;
  const [first = '', ...rest] = isPossible ? ['setpriv', '--pdeathsig', signal, ...command] : command;
  return [first, ...rest];
}
