// Where things that are fetched or unpacked once are kept: outside the tree, so that a clean checkout finds them again.
// A folder appears whole or not at all, however many processes make it at the same time.
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

export async function cacheDir(name: string, fill: (dir: string) => Promise<void>): Promise<string> {
  const root = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'tidewatch');
  const ready = join(root, name);
  if (existsSync(ready)) return ready;
  mkdirSync(root, { recursive: true });
  const making = mkdtempSync(join(root, 'making-'));
  try {
    await fill(making);
    try {
      renameSync(making, ready);
    } catch (error) {
      // Another process was first: what it made is as good.
      if (!existsSync(ready)) throw error;
    }
  } finally {
    rmSync(making, { recursive: true, force: true });
  }
  return ready;
}
