// Leases on logins and tokens: what a session or a request holds while its credential is known to be good. All are
// renewed together in one query; one that the database no longer knows is lost at once, and one that cannot be renewed
// for leaseMs runs out. A lost lease never comes back: the client signs in again.
//
//   held --renewed--> held    held --revoked--> lost    held --leaseMs without renewal--> lost    held --release--> gone
import type { Clock } from '../clock.ts';
import type { Credential } from './principal.ts';

export interface Lease {
  readonly credential: Credential;
  readonly principalId: string;
  isHeld(): boolean;
  /** Called once when it is lost; at once where it already is. */
  onLost(listener: () => void): void;
  release(): void;
}

export interface Leases {
  take(credential: Credential, principalId: string): Lease;
  /** Asks the database about every credential held now; also called when logins are known to have changed. */
  renew(): Promise<void>;
  stats(): { readonly held: number; readonly lost: number };
  stop(): void;
}

/** Of these credentials, those still good. One query however many there are. Throws when the database is away. */
export type StillGood = (credentials: readonly Credential[]) => Promise<ReadonlySet<string>>;

export const LEASE_MS = 5 * 60_000;
export const LEASE_RENEW_MS = 60_000;
const CHECK_MS = 1_000;

interface Held {
  readonly credential: Credential;
  endsAt: number;
  readonly leases: Set<{ listeners: (() => void)[]; isLost: boolean }>;
}

export function createLeases(options: {
  clock: Clock;
  stillGood: StillGood;
  leaseMs?: number;
  renewMs?: number;
}): Leases {
  const { clock, stillGood, leaseMs = LEASE_MS, renewMs = LEASE_RENEW_MS } = options;
  const held = new Map<string, Held>();
  let lost = 0;
  let renewing: Promise<void> | undefined;
  let isWantedAgain = false;

  function lose(entry: Held): void {
    held.delete(entry.credential.id);
    for (const lease of entry.leases) {
      lease.isLost = true;
      lost++;
      for (const listener of lease.listeners.splice(0)) listener();
    }
    entry.leases.clear();
  }

  async function renewOnce(): Promise<void> {
    if (held.size === 0) return;
    // Only those held when the question is asked: the answer knows nothing of later ones.
    const asked = [...held.values()];
    const askedAt = clock.monotonic();
    const good = await stillGood(asked.map((entry) => entry.credential));
    for (const entry of asked) {
      if (good.has(entry.credential.id)) entry.endsAt = askedAt + leaseMs;
      else lose(entry);
    }
  }

  function renew(): Promise<void> {
    if (renewing) {
      // What changed after the running question was asked needs another one.
      isWantedAgain = true;
      return renewing;
    }
    renewing = (async () => {
      do {
        isWantedAgain = false;
        await renewOnce();
      } while (isWantedAgain);
    })().finally(() => {
      renewing = undefined;
    });
    return renewing;
  }

  const renewTimer = clock.every(renewMs, () => {
    renew().catch(() => {}); // the store says that the database is away; what runs out is noticed below
  });
  const checkTimer = clock.every(CHECK_MS, () => {
    const now = clock.monotonic();
    for (const entry of [...held.values()]) if (entry.endsAt <= now) lose(entry);
  });

  return {
    take(credential, principalId) {
      let entry = held.get(credential.id);
      if (!entry) {
        entry = { credential, endsAt: clock.monotonic() + leaseMs, leases: new Set() };
        held.set(credential.id, entry);
      }
      const of = entry;
      const lease = { listeners: [] as (() => void)[], isLost: false };
      of.leases.add(lease);
      return {
        credential,
        principalId,
        isHeld: () => !lease.isLost && of.leases.has(lease) && of.endsAt > clock.monotonic(),
        onLost(listener) {
          if (lease.isLost) listener();
          else lease.listeners.push(listener);
        },
        release() {
          of.leases.delete(lease);
          lease.listeners.length = 0;
          if (of.leases.size === 0 && held.get(credential.id) === of) held.delete(credential.id);
        },
      };
    },
    renew,
    stats: () => ({ held: held.size, lost }),
    stop() {
      renewTimer.stop();
      checkTimer.stop();
    },
  };
}
