// The gateway of the end-to-end tests: what `npm start` runs, with its data in a folder that is gone afterwards.
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const dataDir = mkdtempSync(join(tmpdir(), 'tidewatch-e2e-'));
// PostgreSQL runs as another user where the tests run as root.
chmodSync(dataDir, 0o755);
process.env.DATA_DIR = dataDir;
delete process.env.DATABASE_URL;
delete process.env.KAFKA_BROKERS;
process.on('exit', () => rmSync(dataDir, { recursive: true, force: true }));
await import('./start.ts');
