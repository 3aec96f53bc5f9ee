import { flushSync } from 'svelte';
import { expect, it } from 'vitest';
import { SessionsBoard } from '#lib/admin/sessions-board.svelte.ts';
import { fakeApi } from '../auth/fake-api.ts';

const ID = '0b7a3a1e-3c2f-4d51-9c7e-2f5a4f1f9a01';
const session = {
  ...{
    id: ID,
    gateway: 'g1',
    principal: { kind: 'person', id: 'a', name: 'Sofia' },
    address: '10.0.0.1',
    userAgent: '',
  },
  ...{
    since: 1,
    topics: [],
    framesPerSecond: 1,
    bytesPerSecond: 1,
    inFlightBytes: 0,
    mergedTicks: 0,
    seen: 1,
    state: 'open',
  },
};

it('a kicked row stays, says when its socket closed, and goes after half a minute', async () => {
  let isOpen = true;
  const { api } = fakeApi({
    'GET /api/sessions': () => ({ body: { sessions: isOpen ? [session] : [], gateways: 1, at: 0 } }),
    [`POST /api/sessions/${ID}/kick`]: () => ({ body: { asked: 1 } }),
  });
  const board = new SessionsBoard(api);
  await board.resource.reload();
  await board.kick(ID, 1_000);
  board.settle(2_000);
  expect(board.kicked.get(ID)?.closedAt).toBeNull();
  isOpen = false;
  await board.resource.reload();
  board.settle(3_000);
  flushSync();
  expect(board.kicked.get(ID)?.closedAt).toBe(3_000);
  expect(board.rows.map((row) => row.principal.name)).toEqual(['Sofia']);
  board.settle(31_000);
  expect(board.rows).toEqual([]);
});

it('a kick that is refused is said, and marks nothing', async () => {
  const refused = { status: 404, body: { error: { code: 'not_found', message: 'There is no such open session.' } } };
  const { api } = fakeApi({
    'GET /api/sessions': () => ({ body: { sessions: [session], gateways: 1, at: 0 } }),
    [`POST /api/sessions/${ID}/kick`]: () => refused,
  });
  const board = new SessionsBoard(api);
  await board.resource.reload();
  await board.kick(ID, 1_000);
  expect(board.kicked.size).toBe(0);
  expect(board.fault?.message).toBe('There is no such open session.');
});
