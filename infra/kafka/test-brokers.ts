// The Kafka of the tests: that of KAFKA_BROKERS where it is set, else a broker of our own. What kills the broker or asks it
// for keys and users needs our own, which KAFKA_BROKERS alone cannot be.
import { type Broker, type BrokerOptions, startBroker } from './broker.ts';

export interface TestBrokers {
  readonly brokers: string[];
  /** null: there is only the Kafka of KAFKA_BROKERS. */
  readonly own: Broker | null;
  stop(): Promise<void>;
}

export async function startTestBrokers(options: BrokerOptions = {}): Promise<TestBrokers> {
  const given = process.env.KAFKA_BROKERS;
  const own = await startBroker(options).catch((error: unknown) => {
    if (given) return null;
    throw error;
  });
  return { brokers: given ? given.split(',') : [own?.brokers ?? ''], own, stop: async () => own?.stop() };
}
