// `npm run kafka`: a real Kafka broker in the foreground on 127.0.0.1:9092 (KAFKA_PORT), its records kept in data/kafka
// (KAFKA_DIR), so that killing it and starting it again loses nothing. Ends with SIGINT or SIGTERM.
import { join } from 'node:path';
import { startBroker } from './broker.ts';

const port = Number(process.env.KAFKA_PORT ?? 9092);
const dir = process.env.KAFKA_DIR ?? join(import.meta.dirname, '../../data/kafka');

try {
  console.log('Starting Kafka (the first time its jars are fetched with Maven) ...');
  const broker = await startBroker({ dir, port, log: (line) => console.log(line) });
  console.log(`Kafka listens on ${broker.brokers} (process ${broker.pid}); records are in ${dir}`);
  console.log(`Run the gateway on it with: KAFKA_BROKERS=${broker.brokers} npm start`);
  let isStopping = false;
  const stop = (): void => {
    if (isStopping) return;
    isStopping = true;
    void broker.stop();
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  await broker.exited();
  process.exit(isStopping ? 0 : 1);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
