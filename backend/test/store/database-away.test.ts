import { connect, createServer, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EmbeddedPostgres } from '../../../infra/postgres/embedded-postgres.ts';
import { temporaryPostgres } from '../../../infra/postgres/temporary-postgres.ts';
import { hashSecret } from '../../src/access/password.ts';
import { startGateway, until } from './store-kit.ts';

let postgres: EmbeddedPostgres;
beforeAll(async () => {
  postgres = await temporaryPostgres();
});
afterAll(() => postgres?.stop());

/** A door in front of the database that can be shut (connections break) or silent (nothing passes, nothing breaks). */
async function door(startsOpen: boolean) {
  const target = new URL(postgres.url);
  const pairs = new Set<Socket>();
  const state = { isOpen: startsOpen };
  const server = createServer((from) => {
    from.on('error', () => {});
    pairs.add(from);
    if (!state.isOpen) return from.destroy();
    const to = connect(Number(target.port), target.hostname);
    pairs.add(to);
    to.on('error', () => from.destroy());
    to.on('close', () => from.destroy());
    from.on('close', () => to.destroy());
    from.pipe(to).pipe(from);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (typeof address === 'string' || address === null) throw new Error('the door has no port');
  const url = Object.assign(new URL(postgres.url), { port: String(address.port) }).toString();
  return {
    url,
    open() {
      state.isOpen = true;
    },
    shut() {
      state.isOpen = false;
      for (const socket of pairs) socket.destroy();
      pairs.clear();
    },
    stop: () =>
      new Promise<void>((resolve) => {
        for (const socket of pairs) socket.destroy();
        server.close(() => resolve());
      }),
  };
}

describe('the database', () => {
  it('gone at start: the gateway waits, refuses, and comes up by itself', async () => {
    const to = await door(false);
    const gateway = await startGateway(to.url, { waitMs: 300 });
    try {
      expect([gateway.store.state(), gateway.gatekeeper.state()]).toEqual(['away', 'unknown']);
      expect(gateway.gatekeeper.decide('anybody', 'subscribe', 'web.cdn')).toMatchObject({
        allow: false,
        reason: 'policy_too_old',
      });
      to.open();
      await until('ready', () => gateway.store.state() === 'ready' && gateway.gatekeeper.state() === 'current');
      expect(gateway.gatekeeper.decide(gateway.idOf('viewer'), 'subscribe', 'web.cdn').allow).toBe(true);
    } finally {
      await gateway.stop();
      await to.stop();
    }
  });

  it('gone in the middle: decisions go on for the stated time, then refuse by name, and come back', async () => {
    const to = await door(true);
    const gateway = await startGateway(to.url, { staleMaxMs: 2_500 });
    const changes: string[] = [];
    gateway.gatekeeper.onChanged(({ why }) => changes.push(why));
    try {
      const ask = () => gateway.gatekeeper.decide(gateway.idOf('viewer'), 'subscribe', 'web.cdn');
      to.shut();
      await until('away', () => gateway.store.state() === 'away');
      expect(ask().allow).toBe(true);
      await until('too old', () => !ask().allow);
      expect(ask()).toMatchObject({ allow: false, reason: 'policy_too_old' });
      await until('told', () => changes.includes('too_old'));
      to.open();
      await until('back', () => ask().allow);
      expect(changes).toEqual(['too_old', 'back']);
    } finally {
      await gateway.stop();
      await to.stop();
    }
  });

  it('gone in the middle: what changed meanwhile holds as soon as it is back', async () => {
    const to = await door(true);
    const away = await startGateway(to.url);
    const near = await startGateway(postgres.url);
    try {
      to.shut();
      await until('away', () => away.store.state() === 'away');
      const actor = { kind: 'person', id: null, name: 'test', address: '' };
      const [grant] = await near.store.grants.list({ who: near.idOf('operator'), isEndedToo: false });
      await near.store.grants.remove(actor, [grant?.id ?? '']);
      expect(away.gatekeeper.decide(away.idOf('operator'), 'subscribe', 'logistics.tracking').allow).toBe(true);
      to.open();
      await until(
        'refused',
        () => !away.gatekeeper.decide(away.idOf('operator'), 'subscribe', 'logistics.tracking').allow,
      );
    } finally {
      await away.stop();
      await near.stop();
      await to.stop();
    }
  });

  it('gone: a credential that was proven goes on until its lease ends, one that was not cannot be judged', async () => {
    const to = await door(true);
    const gateway = await startGateway(to.url, { leaseMs: 1_500 });
    try {
      const actor = { kind: 'person', id: gateway.idOf('viewer'), name: 'viewer', address: '' };
      const make = (secret: string) =>
        gateway.store.logins.create(actor, {
          ...{
            secretHash: hashSecret(secret),
            userId: gateway.idOf('viewer'),
            userAgent: '',
            address: '',
            before: null,
          },
        });
      await make('proven');
      await make('unproven');
      const identify = (secret: string) => gateway.authenticator.identify({ cookie: `tidewatch_login=${secret}` });
      const session = await gateway.authenticator.admit({ cookie: 'tidewatch_login=proven' });
      let isLost = false;
      session?.lease.onLost(() => {
        isLost = true;
      });
      to.shut();
      expect((await identify('proven'))?.principal.name).toBe('viewer');
      await expect(identify('unproven')).rejects.toThrow();
      await until('the lease ran out', () => isLost, 4_000);
      await expect(identify('proven')).rejects.toThrow();
    } finally {
      await gateway.stop();
      await to.stop();
    }
  });
});
