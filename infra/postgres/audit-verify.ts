// `npm run audit:verify`: the check of the audit log, on DATABASE_URL or else on the embedded database, running or not.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startPostgres } from './embedded-postgres.ts';

process.env.DATA_DIR ||= join(import.meta.dirname, '../../data');
if (!process.env.DATABASE_URL) process.env.DATABASE_URL = await embedded(join(process.env.DATA_DIR, 'postgres'));
await import('../../backend/src/store/audit-verify.ts');

/** Of a running Tidewatch: where it says that its database is. Otherwise the database is started for as long as this runs. */
async function embedded(home: string): Promise<string> {
  if (!existsSync(home)) return '';
  try {
    return (await startPostgres({ dataDir: home, log: () => {} })).url;
  } catch {
    const read = (name: string): string => readFileSync(join(home, name), 'utf8').trim();
    return `postgresql://tidewatch:${read('password')}@127.0.0.1:${read('port')}/tidewatch`;
  }
}
