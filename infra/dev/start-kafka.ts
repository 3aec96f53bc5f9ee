// `npm run start:kafka`: a real Kafka, the gateway on it and the simulated shop emitting to it, as separate processes. When
// the gateway or the shop ends, everything ends; a killed Kafka may be started again with `npm run kafka` to watch the
// gateway come back. SIGINT and SIGTERM stop all of them, Kafka last.
import { type ChildProcess, spawn } from 'node:child_process';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { dieWithParent } from './die-with-parent.ts';

const READY_MS = 300_000;
const POLL_MS = 200;
const root = join(import.meta.dirname, '../..');
const port = Number(process.env.KAFKA_PORT ?? 9092);
const brokers = `127.0.0.1:${port}`;
const env = { ...process.env, KAFKA_PORT: String(port), KAFKA_BROKERS: brokers, DEMO: process.env.DEMO || '1' };

const running: { name: string; child: ChildProcess }[] = [];
let isStopping = false;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void stop(0));

if (await isOpen()) {
  console.error(`Something listens on ${brokers} already. Stop it, or set KAFKA_PORT.`);
  process.exit(1);
}
const kafka = start('kafka', 'infra/kafka/kafka.ts');
for (const until = Date.now() + READY_MS; !(await isOpen()); await sleep(POLL_MS)) {
  if (kafka.exitCode !== null || Date.now() > until) await stop(1);
}
for (const child of [
  start('gateway', 'infra/dev/start.ts'),
  start('shop', 'infra/simulate/kafka-emitter.ts', '--topics', '20', '--series', '50'),
]) {
  child.once('exit', (code) => void stop(code ?? 1));
}
kafka.once('exit', () => {
  if (!isStopping) console.log(`[kafka] is gone. Start it again with: KAFKA_PORT=${port} npm run kafka`);
});

function start(name: string, file: string, ...more: string[]): ChildProcess {
  const [command, ...args] = dieWithParent('TERM', [process.execPath, ...process.execArgv, join(root, file), ...more]);
  // In a group of its own: Ctrl-C is passed on from here, in the right order.
  const child = spawn(command, args, { cwd: root, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  const print = (chunk: Buffer): void => {
    for (const line of chunk.toString().split('\n')) if (line.trim()) console.log(`[${name}] ${line}`);
  };
  child.stdout.on('data', print);
  child.stderr.on('data', print);
  running.push({ name, child });
  return child;
}

async function stop(code: number): Promise<void> {
  if (isStopping) return;
  isStopping = true;
  for (const { child } of running.reverse()) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    await ended;
  }
  process.exit(code);
}

function isOpen(): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}
