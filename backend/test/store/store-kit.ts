// A gateway's access part on a real PostgreSQL: gatekeeper, leases, store, authenticator, wired as the gateway does it.
import { createAuthenticator } from '../../src/access/authenticator.ts';
import { createGatekeeper } from '../../src/access/gatekeeper.ts';
import { createLeases } from '../../src/access/leases.ts';
import { createPasswords } from '../../src/access/password.ts';
import { type Clock, systemClock } from '../../src/clock.ts';
import { createStore, type StoreOptions } from '../../src/store/store.ts';

export type GatewayKit = Awaited<ReturnType<typeof startGateway>>;

export async function startGateway(
  databaseUrl: string,
  options: Partial<StoreOptions> & { clock?: Clock; staleMaxMs?: number; leaseMs?: number; waitMs?: number } = {},
) {
  const clock = options.clock ?? systemClock;
  const gatekeeper = createGatekeeper({ clock, staleMaxMs: options.staleMaxMs ?? 60_000 });
  const passwords = createPasswords();
  const store = createStore({
    databaseUrl,
    gatekeeper,
    passwords,
    gatewayId: `gateway-${Math.random().toString(36).slice(2, 8)}`,
    isDemo: true,
    demoTokenPath: null,
    sealKey: null,
    log: { info() {}, warn() {} },
    ...options,
    clock,
  });
  const leases = createLeases({
    clock,
    stillGood: store.logins.stillGood,
    ...(options.leaseMs === undefined ? {} : { leaseMs: options.leaseMs }),
  });
  store.onLoginsChanged(() => leases.renew());
  const lookup = { findLogin: store.logins.find, findToken: store.tokens.find };
  const authenticator = createAuthenticator({ gatekeeper, leases, lookup });
  await store.start(options.waitMs);
  return {
    ...{ clock, gatekeeper, passwords, store, leases, authenticator },
    /** The id of a person by name. */
    idOf(name: string): string {
      for (const principal of gatekeeper.policy().principals.values()) if (principal.name === name) return principal.id;
      throw new Error(`there is nobody called ${name}`);
    },
    async stop() {
      authenticator.stop();
      leases.stop();
      gatekeeper.stop();
      await store.stop();
    },
  };
}

/** Waits until it holds; says how long that took, ms. Fails by name after maxMs. */
export async function until(what: string, holds: () => boolean | Promise<boolean>, maxMs = 5_000): Promise<number> {
  const from = performance.now();
  while (!(await holds())) {
    if (performance.now() - from > maxMs) throw new Error(`still not: ${what} (after ${maxMs} ms)`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  return performance.now() - from;
}
