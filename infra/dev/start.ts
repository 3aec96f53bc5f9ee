// `npm start`: builds the pages when they are stale, starts PostgreSQL under DATA_DIR when DATABASE_URL is not set, then
// runs the gateway in this process. Without KAFKA_BROKERS it is the try-out: demo people and a simulated shop.
import { join } from 'node:path';
import { runGateway } from '../../backend/src/main.ts';
import { startPostgres } from '../postgres/embedded-postgres.ts';
import { startShop } from '../simulate/embedded-shop.ts';
import { buildFrontendWhenStale, frontendBuild } from './build-frontend.ts';

const root = join(import.meta.dirname, '../..');
const log = (line: string): void => console.error(line);

const env: Record<string, string | undefined> = { ...process.env };
const isTryOut = !env.KAFKA_BROKERS;
const isLocal = !env.HOST || /^(localhost|127\.|::1$)/.test(env.HOST);
env.DATA_DIR ||= join(root, 'data');
// The demo passwords are public: they are for this machine only.
if (isTryOut && isLocal) env.DEMO ||= '1';

// A signal while these start ends them with this process: nothing of theirs is half done that a next start minds.
const [database] = await Promise.all([ownDatabase(), ownPages()]).catch((error: unknown) => {
  log(error instanceof Error ? error.message : String(error));
  process.exit(1);
});

await runGateway({
  env,
  onUp: async (app) => (isTryOut ? startShop({ feed: app.feed, log }) : { stop() {} }),
  onDown: async () => database?.stop(),
});

async function ownDatabase(): Promise<{ stop(): Promise<void> } | null> {
  if (env.DATABASE_URL) return null;
  const server = await startPostgres({ dataDir: join(env.DATA_DIR ?? '', 'postgres'), log });
  env.DATABASE_URL = server.url;
  return server;
}

async function ownPages(): Promise<void> {
  if (env.STATIC_DIR) return;
  await buildFrontendWhenStale(log);
  env.STATIC_DIR = frontendBuild;
}
