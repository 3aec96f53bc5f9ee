// What one connection with one subscription costs, beyond the idle process: RSS after a forced collection.
import { type Bench, valueRow } from './bench-row.ts';
import { clear, stage } from './stage.ts';

const SOCKETS = 5_000;

export const bench: Bench = {
  names: ['memory.connection'],
  async run() {
    const ours = await perConnection('tidewatch');
    const bare = await perConnection('bare');
    return [valueRow('memory.connection', ours, 'KB', { atMost: 15 }, bare)];
  },
};

async function perConnection(mode: 'tidewatch' | 'bare'): Promise<number> {
  // A few connections first: what the process needs once is not theirs.
  const one = await stage(mode, 50, ['bench.one']);
  const idle = await one.target.ask<{ rss: number }>({ ask: 'memory' });
  await one.connect(SOCKETS);
  const full = await one.target.ask<{ rss: number }>({ ask: 'memory' });
  await clear(one);
  return (full.rss - idle.rss) / SOCKETS / 1_024;
}
