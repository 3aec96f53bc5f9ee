// One connection that listens for changes and asks for the versions every second, in case a notice was lost. Reads the
// policy again when its version moves. Comes back by itself when the database does.
//
//   away --connected, prepared, read--> ready --broken or silent--> away
import pg from 'pg';
import type { PolicyRows } from '../access/policy.ts';
import type { Clock, Timer } from '../clock.ts';
import { CONNECT_MAX_MS } from './database.ts';
import { readPolicy } from './policy-query.ts';

export interface FeedHandlers {
  /** Runs on each new connection before anything is read: migrations and the first start. */
  prepare(client: pg.ClientBase): Promise<void>;
  onPolicy(rows: PolicyRows): void;
  /** The database answered and the policy is the newest. `skewMs`: its clock less ours. */
  onConfirmed(skewMs: number): void;
  /** Waited for: who ended a login is answered when it has ended here. */
  onLoginsChanged(): Promise<void>;
  onKick(payload: string): void;
  onState(state: 'ready' | 'away', error?: unknown): void;
}

export interface PolicyFeed {
  start(): void;
  /** Resolves with the first reading of the policy. */
  readonly ready: Promise<void>;
  /** Looks now; resolves when what was committed before is known here, or when the database is away. */
  catchUp(): Promise<void>;
  stop(): Promise<void>;
}

export const POLL_MS = 1_000;
/** An answer that takes longer means that the connection is dead. */
const ANSWER_MAX_MS = 5_000;
const RETRY_MS = 500;

export function createPolicyFeed(options: {
  databaseUrl: string;
  clock: Clock;
  handlers: FeedHandlers;
  pollMs?: number;
}): PolicyFeed {
  const { databaseUrl, clock, handlers, pollMs = POLL_MS } = options;
  const ready = Promise.withResolvers<void>();
  let client: pg.Client | undefined;
  let policyVersion = -1;
  let loginsVersion = -1;
  let isStopped = false;
  let isAway: boolean | undefined;
  let pollTimer: Timer | undefined;
  let retryTimer: Timer | undefined;
  let looking: { of: pg.Client; done: Promise<void> } | undefined;
  let isWantedAgain = false;

  /** Asks what the versions are and reads what moved. Notices while it runs lead to one more look. */
  function look(of: pg.Client): Promise<void> {
    if (looking?.of === of) {
      isWantedAgain = true;
      return looking.done;
    }
    // An answer that does not come means a dead connection. Preparing is not under this rule: it may wait for the
    // migration of another gateway.
    const late = clock.after(ANSWER_MAX_MS, () => lose(of, new Error('The database does not answer.')));
    const done = (async () => {
      do {
        isWantedAgain = false;
        await lookOnce(of);
      } while (isWantedAgain && of === client);
    })()
      .catch((error) => lose(of, error))
      .finally(() => {
        late.stop();
        if (looking?.of === of) looking = undefined;
      });
    looking = { of, done };
    return done;
  }

  async function lookOnce(of: pg.Client): Promise<void> {
    const sentAt = clock.now();
    const { rows } = await of.query<{ policy: string; logins: string; now: number }>(
      `select (select value from versions where name = 'policy') as policy,
        (select value from versions where name = 'logins') as logins,
        (extract(epoch from clock_timestamp()) * 1000)::float8 as now`,
    );
    const [row] = rows;
    if (!row || of !== client) return;
    const skewMs = row.now - (sentAt + clock.now()) / 2;
    if (Number(row.policy) !== policyVersion) {
      const policy = await readPolicy(of);
      if (of !== client) return;
      policyVersion = policy.version;
      handlers.onPolicy(policy);
    }
    handlers.onConfirmed(skewMs);
    const hasMoved = loginsVersion !== -1 && Number(row.logins) !== loginsVersion;
    loginsVersion = Number(row.logins);
    if (hasMoved) await handlers.onLoginsChanged();
  }

  async function connect(): Promise<void> {
    if (isStopped) return;
    const next = new pg.Client({
      connectionString: databaseUrl,
      connectionTimeoutMillis: CONNECT_MAX_MS,
      application_name: 'tidewatch',
      keepAlive: true,
    });
    next.on('error', (error) => lose(next, error));
    next.on('end', () => lose(next, new Error('The database closed the connection.')));
    next.on('notification', ({ channel, payload = '' }) => {
      if (channel === 'tidewatch_kick') handlers.onKick(payload);
      else void look(next);
    });
    client = next;
    try {
      await next.connect();
      await handlers.prepare(next);
      await next.query('listen tidewatch; listen tidewatch_kick');
      await look(next);
    } catch (error) {
      lose(next, error);
      return;
    }
    if (client !== next) return;
    isAway = false;
    handlers.onState('ready');
    ready.resolve();
    pollTimer = clock.every(pollMs, () => void look(next));
  }

  function lose(of: pg.Client, error: unknown): void {
    if (of !== client) return;
    client = undefined;
    pollTimer?.stop();
    of.end().catch(() => {});
    if (isStopped) return;
    // Once an outage: the retries that follow say nothing new.
    if (isAway !== true) handlers.onState('away', error);
    isAway = true;
    retryTimer = clock.after(RETRY_MS, () => void connect());
  }

  return {
    start: () => void connect(),
    ready: ready.promise,
    async catchUp() {
      if (client && isAway === false) await look(client);
    },
    async stop() {
      isStopped = true;
      retryTimer?.stop();
      pollTimer?.stop();
      const last = client;
      client = undefined;
      await last?.end().catch(() => {});
    },
  };
}
