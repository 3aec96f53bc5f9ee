// A process that starts the embedded PostgreSQL on a folder, prints its address and waits to be killed.
import { startPostgres } from '../embedded-postgres.ts';

const server = await startPostgres({ dataDir: process.argv[2] ?? '', log: (line) => console.error(line) });
console.log(server.url);
process.on('SIGTERM', () => void server.stop().then(() => process.exit(0)));
setInterval(() => {}, 60_000);
