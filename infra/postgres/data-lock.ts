// One Tidewatch a data folder. The lock names its holder by process id and start time, so that a process that was killed,
// or another one that got its number, does not keep the folder locked.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Returns the function that gives the folder back. Throws where another living process holds it. */
export function lockData(dir: string): () => void {
  mkdirSync(dir, { recursive: true });
  const file = join(dir, 'lock');
  const mine = `${process.pid} ${startOf(process.pid)}\n`;
  for (let tries = 0; tries < 3; tries++) {
    try {
      writeFileSync(file, mine, { flag: 'wx' });
      return () => rmSync(file, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const holder = readHolder(file);
    if (holder)
      throw new Error(`Another Tidewatch (process ${holder}) is running on ${dir}. Stop it, or set DATA_DIR.`);
    rmSync(file, { force: true });
  }
  throw new Error(`The lock ${file} could not be taken.`);
}

function readHolder(file: string): number | null {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return null;
  }
  const [pid = 0, start = ''] = [Number(text.split(' ')[0]), text.trim().split(' ')[1]];
  return isAlive(pid) && startOf(pid) === start ? pid : null;
}

export function isAlive(pid: number): boolean {
  if (!(pid > 0)) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** When the process started, as the kernel counts it; where /proc is missing, only the number speaks for a process. */
function startOf(pid: number): string {
  try {
    // The name in brackets may hold spaces: count from behind it.
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ')[19] ?? '?';
  } catch {
    return '?';
  }
}
