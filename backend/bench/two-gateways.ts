// Two whole gateways on one real PostgreSQL, and a client on the second that is let in and shut out with psql: what the
// test and the benchmark of revokes both run. The second gateway is fed a sample every 10 ms, so that there is always
// something that must not be sent any more.
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SUBPROTOCOL } from '@tidewatch/schemas/message-server';
import pg from 'pg';
import pino from 'pino';
import { WebSocket } from 'ws';
import { temporaryPostgres } from '../../infra/postgres/temporary-postgres.ts';
import { hashSecret, newSecret } from '../src/access/password.ts';
import { createApp } from '../src/app.ts';
import { systemClock } from '../src/clock.ts';
import { readConfig } from '../src/config.ts';

export interface Revoke {
  /** From the commit to the last frame of the topic at the client, ms: the word that it ended. */
  readonly lastFrameMs: number;
  /** From the commit to the notice at a bare connection to the database, ms. */
  readonly noticeMs: number;
  /** Frames of the topic after the word that it ended. There must be none. */
  readonly framesAfter: number;
  readonly framesBefore: number;
}

const FEED_MS = 10;
const BEFORE_MS = 250;
const AFTER_MS = 150;
const WAIT_MAX_MS = 5_000;

export async function startTwoGateways() {
  const postgres = await temporaryPostgres();
  const dir = mkdtempSync(join(tmpdir(), 'tidewatch-two-'));
  const env = { HOST: '127.0.0.1', PORT: '0', DATABASE_URL: postgres.url, DEMO: '1', REPLAY_MS: '0' };
  const start = async (name: string) => {
    const config = readConfig({ ...env, DATA_DIR: join(dir, name) });
    const app = await createApp({ config, clock: systemClock, log: pino({ level: 'silent' }) });
    await app.start();
    return app;
  };
  const apps = [await start('one'), await start('two')] as const;
  const connect = async () => {
    const client = new pg.Client({ connectionString: postgres.url });
    await client.connect();
    return client;
  };
  const [psql, listener] = [await connect(), await connect()];
  await listener.query('listen tidewatch');

  const secret = `tw_${newSecret()}`;
  const tokenId = randomUUID();
  await psql.query(
    `insert into tokens (id, name, secret_hash, prefix, rights, patterns) values ($1, 'watcher', $2, 'tw_', '{subscribe}', '{nothing}')`,
    [tokenId, hashSecret(secret)],
  );
  const feeding = setInterval(() => {
    const time = Date.now();
    apps[1].feed([{ topic: 'two.gateways', value: JSON.stringify({ metric: 'm', value: time, time }), time }]);
  }, FEED_MS);

  const url = apps[1].url.replace('http', 'ws');
  const socket = new WebSocket(`${url}/ws`, [SUBPROTOCOL.json], { headers: { authorization: `Bearer ${secret}` } });
  const seen: { type: string; at: number }[] = [];
  socket.on('message', (data) => {
    const { type, topic } = JSON.parse(String(data)) as { type: string; topic?: string };
    if (topic === undefined || topic === 'two.gateways') seen.push({ type, at: performance.now() });
  });
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  let id = 0;

  return {
    /** Grants, waits for frames, revokes with psql, and watches what still comes. */
    async revokeOnce(): Promise<Revoke> {
      await psql.query(`insert into grants (token_id, pattern, rights) values ($1, 'two.*', '{subscribe}')`, [tokenId]);
      seen.length = 0;
      await until('subscribed', async () => {
        if (seen.some(({ type }) => type === 'subscribed')) return true;
        socket.send(JSON.stringify({ type: 'subscribe', id: ++id, topic: 'two.gateways', rate: 10 }));
        await pause(20);
        return false;
      });
      await pause(BEFORE_MS);
      const framesBefore = count(seen, 0);
      const notice = new Promise<number>((resolve) => listener.once('notification', () => resolve(performance.now())));
      await psql.query('begin');
      await psql.query('delete from grants where token_id = $1', [tokenId]);
      const committing = performance.now();
      await psql.query('commit');
      await until('revoked', () => seen.some(({ type }) => type === 'revoked'));
      await pause(AFTER_MS);
      const ended = seen.find(({ type }) => type === 'revoked')?.at ?? Number.POSITIVE_INFINITY;
      return {
        ...{ lastFrameMs: ended - committing, noticeMs: (await notice) - committing },
        ...{ framesBefore, framesAfter: count(seen, ended) },
      };
    },
    async stop() {
      clearInterval(feeding);
      socket.terminate();
      await psql.end();
      await listener.end();
      for (const app of apps) await app.stop();
      await postgres.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const count = (seen: readonly { type: string; at: number }[], after: number): number =>
  seen.filter(({ type, at }) => at > after && (type === 'delta' || type === 'snapshot')).length;

async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  for (const end = performance.now() + WAIT_MAX_MS; !(await holds()); await pause(1))
    if (performance.now() > end) throw new Error(`still not ${what} after ${WAIT_MAX_MS} ms`);
}
