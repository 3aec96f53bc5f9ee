// One server and its clients, each in a process of its own.
import { join } from 'node:path';
import type { CrowdMode } from './crowd.ts';
import type { TargetMode } from './target.ts';
import { startWorker, type WorkerProcess } from './worker-process.ts';

export interface Stage {
  readonly target: WorkerProcess;
  readonly crowd: WorkerProcess;
  /** Brings in more clients; resolves when all are served. */
  connect(clients: number): Promise<void>;
}

const CROWD_OF: Record<TargetMode, CrowdMode> = {
  tidewatch: 'websocket',
  bare: 'bare',
  ws: 'websocket',
  socketio: 'socketio',
};

export async function stage(mode: TargetMode, clients: number, topics: readonly string[]): Promise<Stage> {
  const target = startWorker(join(import.meta.dirname, 'target.ts'), [], ['--expose-gc']);
  const crowd = startWorker(join(import.meta.dirname, 'crowd.ts'), []);
  const { port } = await target.ask<{ port: number }>({ ask: 'listen', mode });
  const wants = { ask: 'connect', port, mode: CROWD_OF[mode], topics: mode === 'tidewatch' ? topics : [], rate: 10 };
  const connect = async (count: number) => {
    await crowd.ask({ ...wants, count });
  };
  await connect(clients);
  return { target, crowd, connect };
}

export async function clear({ target, crowd }: Stage): Promise<void> {
  await Promise.all([target.stop(), crowd.stop()]);
}
