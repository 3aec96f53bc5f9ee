// How long a record takes from Kafka's log to the frame at the client, on topics that are quiet otherwise: from the
// time at which the broker appended it, in whole ms. The control is the same record's way to the gateway's handler:
// what Kafka and kafkajs take of it.
import { join } from 'node:path';
import { createLiveClient } from '@tidewatch/schemas/live-client';
import { startBroker } from '../../infra/kafka/broker.ts';
import { socketOpener } from '../../infra/load/open-socket.ts';
import { systemClock } from '../src/clock.ts';
import { type Bench, valueRow } from './bench-row.ts';
import type { Arrival } from './live-gateway.ts';
import { startWorker } from './worker-process.ts';

const TOPICS = Array.from({ length: 10 }, (_, at) => `bench.path${at}`);
const SAMPLES = 400;
const WARM_UP = 40;
/** Each topic is quiet for a second between two samples. */
const EVERY_MS = 100;

export const bench: Bench = {
  names: ['path.delay'],
  async run(_wanted, say) {
    const given = process.env.KAFKA_BROKERS;
    const broker =
      given === undefined
        ? await startBroker({ properties: { 'log.message.timestamp.type': 'LogAppendTime' } }).catch((error: Error) =>
            say(`  no Kafka: ${error.message}`),
          )
        : undefined;
    const brokers = given ?? broker?.brokers ?? null;
    if (brokers === null) say('  on the embedded source instead');
    try {
      const { delays, arrivals } = await measure(brokers);
      return [
        valueRow('path.delay', p99(delays), 'ms', { atMost: 15 }, p99(arrivals)),
        valueRow('path.delay, median', median(delays), 'ms', null, median(arrivals)),
      ];
    } finally {
      await broker?.stop();
    }
  },
};

async function measure(brokers: string | null): Promise<{ delays: number[]; arrivals: number[] }> {
  const gateway = startWorker(join(import.meta.dirname, 'live-gateway.ts'), []);
  try {
    const { port } = await gateway.ask<{ port: number }>({ ask: 'listen', brokers });
    // The Kafka topics are made by their first record, and found a little later.
    for (const topic of TOPICS) await gateway.ask({ ask: 'emit', topic });
    await pause(brokers === null ? 100 : 8_000);
    const openSocket = socketOpener({ url: `http://127.0.0.1:${port}`, token: 'bench' });
    const client = createLiveClient({ openSocket, clock: systemClock, random: Math.random });
    client.start();
    const receivedAt = new Map<number, number>();
    for (const topic of TOPICS) {
      client.subscribe(topic, { rate: 4 }).on((event) => {
        if (event.type !== 'delta') return;
        const now = performance.timeOrigin + performance.now();
        for (const { last } of event.delta.buckets) receivedAt.set(last[0] as number, now);
      });
    }
    await pause(1_000);
    for (let i = 0; i < SAMPLES + WARM_UP; i++) {
      void gateway.ask({ ask: 'emit', topic: TOPICS[i % TOPICS.length] as string });
      await pause(EVERY_MS);
    }
    await pause(500);
    const arrivals = await gateway.ask<Arrival[]>({ ask: 'arrivals' });
    client.stop();
    const whole = arrivals.filter(({ sentAt }) => receivedAt.has(sentAt)).slice(-SAMPLES);
    if (whole.length < SAMPLES) throw new Error(`only ${whole.length} of ${SAMPLES + WARM_UP} samples arrived`);
    return {
      delays: whole.map(({ sentAt, appendedAt }) => (receivedAt.get(sentAt) as number) - appendedAt),
      arrivals: whole.map(({ handledAt, appendedAt }) => handledAt - appendedAt),
    };
  } finally {
    await gateway.stop();
  }
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const sorted = (all: readonly number[]) => [...all].sort((a, b) => a - b);
const p99 = (all: readonly number[]) => sorted(all)[Math.floor(all.length * 0.99)] ?? 0;
const median = (all: readonly number[]) => sorted(all)[Math.floor(all.length / 2)] ?? 0;
