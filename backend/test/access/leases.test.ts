import { describe, expect, it } from 'vitest';
import { createLeases } from '../../src/access/leases.ts';
import type { Credential } from '../../src/access/principal.ts';
import { createHandClock } from '../session/hand-clock.ts';

function start() {
  const clock = createHandClock();
  const good = new Set(['a', 'b']);
  const asked: (readonly Credential[])[] = [];
  const state = { isAway: false };
  const leases = createLeases({
    clock,
    leaseMs: 300_000,
    renewMs: 60_000,
    async stillGood(credentials) {
      asked.push(credentials);
      if (state.isAway) throw new Error('away');
      return good;
    },
  });
  const login = (id: string) => leases.take({ kind: 'login', id }, `person of ${id}`);
  return { clock, good, asked, state, leases, login };
}
const settle = () => new Promise((resolve) => setImmediate(resolve));

describe('leases', () => {
  it('are renewed together in one question, a credential once however many hold it', async () => {
    const { clock, asked, login } = start();
    for (let i = 0; i < 50; i++) login('a');
    login('b');
    clock.pass(60_000);
    await settle();
    expect(asked.map((credentials) => credentials.map((one) => one.id))).toEqual([['a', 'b']]);
  });

  it('are lost at once when the database no longer knows the credential', async () => {
    const { good, leases, login } = start();
    const lost: string[] = [];
    const [a, b] = [login('a'), login('b')];
    a.onLost(() => lost.push('a'));
    b.onLost(() => lost.push('b'));
    good.delete('a');
    await leases.renew();
    expect([lost, a.isHeld(), b.isHeld()]).toEqual([['a'], false, true]);
  });

  it('run out when they cannot be renewed, and not before', async () => {
    const { clock, state, login } = start();
    const lease = login('a');
    let isLost = false;
    lease.onLost(() => {
      isLost = true;
    });
    state.isAway = true;
    clock.pass(299_000);
    await settle();
    expect([lease.isHeld(), isLost]).toEqual([true, false]);
    clock.pass(2_000);
    await settle();
    expect([lease.isHeld(), isLost]).toEqual([false, true]);
  });

  it('ask again where something changed while a question was under way', async () => {
    const { good, leases, login } = start();
    const lease = login('a');
    const first = leases.renew();
    good.delete('a');
    await Promise.all([first, leases.renew()]);
    expect(lease.isHeld()).toBe(false);
  });

  it('are forgotten when released', () => {
    const { leases, login } = start();
    const [first, second] = [login('a'), login('a')];
    first.release();
    expect([first.isHeld(), second.isHeld(), leases.stats().held]).toEqual([false, true, 1]);
    second.release();
    expect(leases.stats().held).toBe(0);
  });
});
