// Makes the files of a PostgreSQL server: one owner `tidewatch` with a random password that only this user can read, one
// database `tidewatch`, passwords asked from everyone. The folder appears whole or not at all.
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { postgresBinaries, serverUser } from './postgres-binaries.ts';

export interface Cluster {
  /** PGDATA, owned by the user that the server runs as. */
  dir: string;
  password: string;
}

/** `home` is ours and keeps the password; `place` must be a folder that the server's user can enter. */
export function openCluster(home: string, place: string): Cluster {
  const dir = join(place, 'cluster');
  const passwordFile = join(home, 'password');
  if (existsSync(join(dir, 'PG_VERSION')) && existsSync(passwordFile)) {
    return { dir, password: readFileSync(passwordFile, 'utf8').trim() };
  }
  if (place === home && existsSync(dir)) throw new Error(`The password of the database is gone: ${passwordFile}`);
  // Elsewhere it belonged to a data folder that somebody has deleted since.
  rmSync(dir, { recursive: true, force: true });
  const password = randomBytes(24).toString('base64url');
  const making = join(place, 'cluster.new');
  rmSync(making, { recursive: true, force: true });
  mkdirSync(making, { mode: 0o700 });
  const handover = join(place, 'cluster.password');
  writeFileSync(handover, `${password}\n`, { mode: 0o600 });
  if (serverUser) for (const path of [making, handover]) chownSync(path, serverUser.uid, serverUser.gid);
  try {
    initialise(making, handover);
  } finally {
    rmSync(handover, { force: true });
  }
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
  renameSync(making, dir);
  return { dir, password };
}

function initialise(dir: string, passwordFile: string): void {
  const { initdb, postgres } = postgresBinaries();
  const as = { ...(serverUser ?? {}), cwd: '/', env: { LC_ALL: 'C', PATH: process.env.PATH }, stdio: 'pipe' as const };
  const locale = ['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--encoding=UTF8'];
  const access = ['--username=tidewatch', `--pwfile=${passwordFile}`, '--auth=scram-sha-256'];
  execFileSync(initdb, ['-D', dir, ...access, ...locale, '--no-instructions'], as);
  execFileSync(postgres, ['--single', '-D', dir, 'postgres'], { ...as, input: 'CREATE DATABASE tidewatch;\n' });
}
