// PostgreSQL behind one door: starts without it and waits, migrates, makes the first people, feeds the policy to the
// gatekeeper, and says when it is away. Reading and writing are in one file a noun beside this one.
//
//   starting --policy read--> ready --broken or silent--> away --back--> ready
import type { Gatekeeper } from '../access/gatekeeper.ts';
import type { Passwords } from '../access/password.ts';
import type { Clock, Timer } from '../clock.ts';
import { createAccessRequests } from './access-requests.ts';
import { createAudit, FOLD_MS } from './audit.ts';
import { type SealKey, sealAudit } from './audit-seal.ts';
import { createClaimedPeople } from './claimed-people.ts';
import { type Database, openDatabase } from './database.ts';
import { type FirstStart, firstStart } from './first-start.ts';
import { createGrants } from './grants.ts';
import { createGroups } from './groups.ts';
import { createLiveSessions, readKick, SAY_SESSIONS_MS, type SessionReport } from './live-sessions.ts';
import { createLogins } from './logins.ts';
import { migrate } from './migrate.ts';
import { createPeople } from './people.ts';
import { createPolicyFeed } from './policy-feed.ts';
import { createPolicyImport } from './policy-import.ts';
import { createSignInFailures } from './sign-in-failures.ts';
import { createTokens } from './tokens.ts';
import { createTopicOwners } from './topic-owners.ts';

export interface StoreOptions {
  readonly databaseUrl: string;
  readonly clock: Clock;
  readonly gatekeeper: Pick<Gatekeeper, 'adopt' | 'confirm'>;
  readonly passwords: Passwords;
  /** Names this gateway among those of one database. */
  readonly gatewayId: string;
  readonly isDemo: boolean;
  /** Where a demo leaves its token; null: nowhere. */
  readonly demoTokenPath: string | null;
  /** The key that seals the audit log; null: it is not sealed. */
  readonly sealKey: SealKey | null;
  readonly log: { info(fields: object, message: string): void; warn(fields: object, message: string): void };
  readonly pollMs?: number;
}

export type StoreState = 'starting' | 'ready' | 'away';
export type Store = ReturnType<typeof createStore>;

const PRUNE_MS = 600_000;

export function createStore(options: StoreOptions) {
  const { databaseUrl, clock, gatekeeper, gatewayId, log } = options;
  const plain = openDatabase(databaseUrl);
  // A write is over when this gateway's own policy has it: who asks next is answered by it.
  const database: Database = {
    ...plain,
    async write(actor, work, note) {
      const result = await plain.write(actor, work, note);
      await feed.catchUp();
      return result;
    },
  };
  const { write } = database;
  const logins = createLogins(database);
  const failures = createSignInFailures(database);
  const audit = createAudit(database);
  const liveSessions = createLiveSessions(database, gatewayId, clock.now());
  const loginListeners = new Set<() => Promise<void>>();
  const kickListeners = new Set<(id: string) => void>();
  const timers: Timer[] = [];
  let state: StoreState = 'starting';
  let since = clock.now();
  let first: FirstStart = { kind: 'nothing' };
  let readSessions: (() => readonly SessionReport[]) | undefined;
  let isSaying = false;

  const feed = createPolicyFeed({
    databaseUrl,
    clock,
    ...(options.pollMs === undefined ? {} : { pollMs: options.pollMs }),
    handlers: {
      async prepare(client) {
        const ran = await migrate(client);
        if (ran.length > 0) log.info({ migrations: ran }, 'database brought up to date');
        const { isDemo, demoTokenPath, passwords } = options;
        const done = await firstStart(client, { isDemo, demoTokenPath, passwords });
        if (done.kind !== 'nothing') first = done;
      },
      onPolicy: (rows) => gatekeeper.adopt(rows),
      onConfirmed: (skewMs) => gatekeeper.confirm(skewMs),
      onLoginsChanged: () => tellLogins(),
      onKick(payload) {
        for (const id of readKick(payload).ids) for (const listener of kickListeners) listener(id);
      },
      onState(next, error) {
        state = next;
        since = clock.now();
        if (next === 'ready') {
          log.info({}, 'database is ready');
          // What ended while nobody could say so.
          void tellLogins();
        } else log.warn({ err: error }, 'database is away: going on from the last known policy');
      },
    },
  });

  async function tellLogins(): Promise<void> {
    await Promise.allSettled([...loginListeners].map((listener) => listener()));
  }

  /** Work that is done again soon: what fails because the database is away is nothing to report. */
  function quietly(work: () => Promise<unknown>): void {
    if (state === 'ready') work().catch((error) => log.warn({ err: error }, 'a recurring write failed'));
  }

  async function seal(): Promise<void> {
    if (!options.sealKey) return;
    const client = await plain.pool.connect();
    try {
      const outcome = await sealAudit(client, options.sealKey);
      if (outcome === 'other_key')
        log.warn(
          { key: options.sealKey.name },
          'the audit log is sealed with another key: give every gateway the same',
        );
    } finally {
      client.release();
    }
  }

  return {
    people: createPeople(database),
    claimedPeople: createClaimedPeople(database),
    groups: createGroups(database),
    grants: createGrants(database),
    owners: createTopicOwners(database),
    tokens: createTokens(database),
    requests: createAccessRequests(database),
    policyImport: createPolicyImport(database),
    logins,
    failures,
    audit,
    liveSessions,
    database,
    gatewayId,
    write,
    /** Seals what is new in the audit log now; it is also done once a minute. */
    seal,

    state: () => state,
    /** Epoch ms when this state began. */
    since: () => since,
    firstStart: () => first,

    /** Starts connecting; resolves when the policy is read, or after `waitMs` without a database. Goes on trying. */
    async start(waitMs = 5_000): Promise<StoreState> {
      feed.start();
      timers.push(
        clock.every(SAY_SESSIONS_MS, () => {
          if (!readSessions || isSaying || state !== 'ready') return;
          const reports = readSessions();
          isSaying = true;
          quietly(() =>
            liveSessions.say(reports).finally(() => {
              isSaying = false;
            }),
          );
        }),
        clock.every(FOLD_MS, () => quietly(() => audit.flush().then(seal))),
        clock.every(PRUNE_MS, () => quietly(() => Promise.all([logins.prune(), failures.prune()]))),
      );
      const late = Promise.withResolvers<void>();
      const timer = clock.after(waitMs, late.resolve);
      await Promise.race([feed.ready, late.promise]);
      timer.stop();
      return state;
    },

    /** The sessions of this gateway, read every two seconds for the list that all gateways share. */
    reportSessions(read: () => readonly SessionReport[]): void {
      readSessions = read;
    },

    /** Logins or tokens ended somewhere: leases should be renewed now. */
    onLoginsChanged(listener: () => Promise<void>): void {
      loginListeners.add(listener);
    },

    /** A kick, by id of a session or of a principal. */
    onKick(listener: (id: string) => void): void {
      kickListeners.add(listener);
    },

    async stop(): Promise<void> {
      for (const timer of timers) timer.stop();
      if (state === 'ready') await Promise.allSettled([audit.flush(), liveSessions.leave()]);
      await feed.stop();
      await database.stop();
    },
  };
}
