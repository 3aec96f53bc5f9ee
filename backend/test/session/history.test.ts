import type { History } from '@tidewatch/schemas/history';
import { encodeHistory } from '@tidewatch/schemas/wire/encoder';
import { describe, expect, it } from 'vitest';
import { HISTORY_POINTS_MAX, type HistoryQuery } from '../../src/session/history-source.ts';
import { createSessionKit } from './session-kit.ts';

const HISTORY = {
  ...{ topicId: 4, epoch: 'e', seq: 9, stepMs: 1_000 as const, from: 0, to: 3_000, completeFrom: 0 },
  series: [{ id: 1, time: [0, 1_000], last: [1, 2], min: [1, 1.5], max: [1, 2] }],
};

function asking(answer: Omit<History, 'request'> | 'no_such_topic' | 'too_large' = HISTORY) {
  const queries: HistoryQuery[] = [];
  const kit = createSessionKit({
    history: (query) => {
      queries.push(query);
      return answer;
    },
  });
  const { client } = kit.connect();
  const ask = (id: number, from = 0, to = 3_000) =>
    client.send({ type: 'history', id, topic: 'shop.cart', from, to, stepMs: 1_000 });
  return { ...kit, client, queries, ask };
}

describe('a request for history', () => {
  it('is answered by its id, in the form of the connection', () => {
    const { policy, client, ask } = asking();
    policy.grant('eve', 'shop.**', { rights: ['history'] });
    ask(12);
    expect(client.frames()).toEqual([encodeHistory({ ...HISTORY, request: 12 }, 'binary')]);
  });

  it('asks for the right to history, which subscribing does not bring', () => {
    const { policy, client, queries, ask } = asking();
    policy.grant('eve', 'shop.**', { rights: ['subscribe'] });
    ask(1);
    expect(client.messagesOf('error')).toMatchObject([{ id: 1, code: 'forbidden', owner: 'shop-team' }]);
    expect(queries).toEqual([]);
  });

  it('is bounded by the scope of the grant', () => {
    const { policy, queries, ask } = asking();
    policy.grant('eve', 'shop.**', { scope: [{ region: 'eu' }] });
    ask(1);
    expect(queries).toMatchObject([{ topic: 'shop.cart', scope: [{ region: 'eu' }], pointsMax: HISTORY_POINTS_MAX }]);
  });

  it('is refused by name where it is too large, backwards, or of no topic', () => {
    for (const answer of ['too_large', 'no_such_topic'] as const) {
      const { policy, client, ask } = asking(answer);
      policy.grant('eve', '**');
      ask(1);
      expect(client.messagesOf('error')).toMatchObject([{ id: 1, code: answer, topic: 'shop.cart' }]);
    }
    const { policy, client, queries, ask } = asking();
    policy.grant('eve', '**');
    ask(1, 3_000, 3_000);
    expect(client.messagesOf('error')[0]?.message).toMatch(/^Field "from" of "history"/);
    expect(queries).toEqual([]);
  });

  it('waits while the client has not taken the answers before it', () => {
    const time = Array.from({ length: 9_000 }, (_, at) => at * 1_000);
    const noise = time.map((at) => Math.sin(at) * 1e9);
    const large = { ...HISTORY, series: [{ id: 1, time, last: noise, min: noise, max: noise }] };
    const { policy, client, queries, ask } = asking(large);
    policy.grant('eve', '**');
    client.isReading = false;
    for (let id = 1; id <= 8; id++) ask(id);
    expect(queries.length).toBeLessThan(3);
    client.isReading = true;
    client.take();
    expect(queries).toHaveLength(8);
  });
});
