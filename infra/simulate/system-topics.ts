// What the machines, the queue and the database under the simulated shop measure.
import { counter, gauge, type ShopTopic } from './shop-series.ts';
import { clamp, level, queue, whole } from './shop-shapes.ts';

const hosts = ['a-01', 'a-02', 'a-03', 'b-01', 'b-02', 'b-03'];
const GB = 2 ** 30;

export const systemTopics: ShopTopic[] = [
  {
    topic: 'infra.hosts',
    emitter: 'node-agent',
    families: [
      gauge('cpu_ratio', '1', 'Share of CPU in use', { host: hosts }, ({ wave, own, load, trouble }) =>
        clamp((0.2 + own * 0.35) * load + 0.08 * wave(12) + 0.05 * wave(2) + trouble * 0.5, 0.01, 1),
      ),
      gauge('memory_used', 'By', 'Memory in use', { host: hosts }, whole(level(24 * GB, 0.03))),
      gauge('load1', '1', 'Load average of a minute', { host: hosts }, level(3.2, 0.4)),
      gauge('disk_used_ratio', '1', 'Share of the disk in use', { host: hosts }, ({ s, own }) =>
        clamp(0.4 + own * 0.3 + ((s % 7200) / 7200) * 0.15, 0, 1),
      ),
      counter('network_bytes_total', 'By', 'Bytes received', { host: hosts }, 4_200_000),
    ],
  },
  {
    topic: 'infra.kafka',
    emitter: 'kafka-agent',
    families: [
      gauge(
        'consumer_lag',
        '{record}',
        'Records behind',
        { group: ['orders', 'billing', 'search-index', 'fraud'] },
        queue(40),
      ),
      counter('bytes_in_total', 'By', 'Bytes written', { broker: ['1', '2', '3'] }, 1_900_000),
      gauge('under_replicated', '{partition}', 'Partitions with a copy missing', {}, ({ trouble }) =>
        Math.round(trouble * 18),
      ),
    ],
  },
  {
    topic: 'infra.postgres',
    emitter: 'postgres-agent',
    families: [
      gauge(
        'connections',
        '{connection}',
        'Open connections',
        { database: ['orders', 'users'] },
        whole(level(60, 0.15)),
      ),
      counter('commits_total', '{commit}', 'Transactions committed', { database: ['orders', 'users'] }, 340),
      gauge(
        'replication_lag',
        's',
        'How far a replica is behind',
        { replica: ['r1', 'r2'] },
        ({ wave, own, trouble }) => 0.02 + own * 0.03 + 0.01 * wave(8) + trouble * 6,
      ),
    ],
  },
];
