// A PostgreSQL for one test: an empty database in a temporary folder, both gone after `stop`.
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EmbeddedPostgres, startPostgres } from './embedded-postgres.ts';

export async function temporaryPostgres(): Promise<EmbeddedPostgres> {
  const dataDir = mkdtempSync(join(tmpdir(), 'tidewatch-postgres-'));
  // The server runs as another user where we are root: it must be able to enter.
  chmodSync(dataDir, 0o711);
  const server = await startPostgres({ dataDir, log: () => {} });
  return {
    url: server.url,
    async stop() {
      await server.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
