// Puts single records on Kafka for POST /api/ingest. Connects when first used, gives up soon enough to say so, and tells
// a refusal of Kafka from Kafka not being there.
import kafkajs, { type Kafka, type Producer } from 'kafkajs';
import { SourceError } from './source.ts';

const PRODUCE_MAX_MS = 5_000;

export interface KafkaProducer {
  send(kafkaTopic: string, value: Uint8Array, timestamp: number | undefined): Promise<void>;
  stop(): Promise<void>;
}

export function createKafkaProducer(kafka: Kafka): KafkaProducer {
  let connected: Promise<Producer> | null = null;

  async function connect(): Promise<Producer> {
    const made = kafka.producer({ allowAutoTopicCreation: true });
    await made.connect();
    return made;
  }

  /** The next record starts with a new connection; the old one ends in the background. */
  function drop(): void {
    const broken = connected;
    connected = null;
    broken?.then((made) => made.disconnect()).catch(() => {});
  }

  return {
    async send(kafkaTopic, value, timestamp) {
      const at = timestamp === undefined ? {} : { timestamp: String(Math.floor(timestamp)) };
      connected ??= connect();
      const ready = connected;
      const sent = ready.then((made) =>
        made.send({ topic: kafkaTopic, acks: -1, messages: [{ value: Buffer.from(value), ...at }] }),
      );
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<never>((_resolve, reject) => {
        const error = new SourceError('unreachable', 'Kafka did not confirm the record in time.');
        timer = setTimeout(() => reject(error), PRODUCE_MAX_MS);
      });
      try {
        await Promise.race([sent, late]);
      } catch (error) {
        sent.catch(() => {});
        if (connected === ready) drop();
        throw asSourceError(error);
      } finally {
        clearTimeout(timer);
      }
    },
    async stop() {
      const ending = connected;
      connected = null;
      await ending?.then((made) => made.disconnect()).catch(() => {});
    },
  };
}

function asSourceError(error: unknown): SourceError {
  if (error instanceof SourceError) return error;
  const isRefusal = error instanceof kafkajs.KafkaJSProtocolError && !error.retriable;
  const text = error instanceof Error ? error.message : String(error);
  return new SourceError(isRefusal ? 'refused' : 'unreachable', text, { cause: error });
}
