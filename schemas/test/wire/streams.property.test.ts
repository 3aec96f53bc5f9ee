// The promise of the codec as a whole: whoever joined when and how, missed what and resumed where, all replicas of a
// stream are equal to the topic once they have its newest number, and go on decoding what the others decode.
import { createReplica, type Replica } from '@tidewatch/schemas/replica';
import { createStreamEncoder } from '@tidewatch/schemas/wire/encoder';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createModelStream, createModelTopic, type ModelTopic } from './model-topic.ts';

const STEP_MS = 1_000;

interface Client {
  replica: Replica;
  seq: number;
  isSlow: boolean;
}

const value = fc.oneof(
  fc.integer({ min: 0, max: 500 }).map((n) => n / 10),
  fc.integer({ min: 0, max: 500_000 }).map((n) => (n / 1000) * 1.1),
  fc.double(),
  fc.constantFrom(Number.NaN, -0, 0, 5e-324, 2 ** 60, -1e300),
);
const which = fc.nat(11);
const action = fc.oneof(
  fc.record({ do: fc.constant('add' as const) }),
  {
    weight: 12,
    arbitrary: fc.record({ do: fc.constant('sample' as const), which, ago: fc.constantFrom(0, 0, 0, 1, 4), value }),
  },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('all' as const), value }) },
  fc.record({ do: fc.constant('state' as const), which, code: fc.nat(3) }),
  fc.record({ do: fc.constant('redefine' as const), which, unit: fc.string() }),
  fc.record({ do: fc.constant('retire' as const), which }),
  { weight: 4, arbitrary: fc.record({ do: fc.constant('step' as const) }) },
  { weight: 8, arbitrary: fc.record({ do: fc.constant('tick' as const), hasChecksum: fc.boolean() }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('join' as const) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('resume' as const), which }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('slow' as const), which, isSlow: fc.boolean() }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.nat(2_500) }) },
);
type Action = typeof action extends fc.Arbitrary<infer T> ? T : never;

function play(actions: readonly Action[], subprotocol: 'binary' | 'json', isFirstResumed: boolean): void {
  const topic = createModelTopic();
  for (let i = 0; i < 3; i++) topic.sample(topic.add(), 0, i * 1.5);
  topic.step();
  // A client that was here before, on another stream: it resumes on this one.
  const before = createReplica({ subprotocol });
  const elsewhere = createModelStream(topic, createStreamEncoder(subprotocol));
  before.begin({ how: 'snapshot', stepMs: STEP_MS });
  before.apply(elsewhere.snapshot().payload);
  const old: Client = { replica: before, seq: topic.head(), isSlow: false };
  topic.sample(0, 0, 7.25);
  topic.step();

  const stream = createModelStream(topic, createStreamEncoder(subprotocol));
  const clients: Client[] = [];
  const join = () => {
    const client = { replica: createReplica({ subprotocol }), seq: 0, isSlow: false };
    const { payload, seq } = stream.snapshot();
    client.replica.begin({ how: 'snapshot', stepMs: STEP_MS });
    expect(client.replica.apply(payload).kind).toBe('snapshot');
    client.seq = seq;
    clients.push(client);
  };
  const resume = (client: Client) => {
    const { payload, seq } = stream.resume(client.seq);
    client.replica.begin({ how: 'resumed', stepMs: STEP_MS });
    if (seq > client.seq) expect(client.replica.apply(payload)).toMatchObject({ kind: 'delta' });
    else client.replica.apply(payload);
    client.seq = seq;
    if (!clients.includes(client)) clients.push(client);
  };
  const tick = (hasChecksum: boolean) => {
    topic.step();
    const told = stream.tick(hasChecksum);
    if (told === undefined) return;
    for (const client of clients) {
      if (client.isSlow || told.to <= client.seq) continue;
      const applied = client.replica.apply(client.seq === told.from ? told.payload : told.since(client.seq));
      expect(applied).toMatchObject({ kind: 'delta' });
      client.seq = told.to;
    }
  };
  if (isFirstResumed) resume(old);
  else join();
  const pick = (index: number) => topic.ids()[index % Math.max(1, topic.ids().length)] ?? 0;
  for (const one of actions) {
    switch (one.do) {
      case 'add':
        if (topic.ids().length < 12) topic.sample(topic.add(), 0, 1);
        break;
      case 'sample':
        topic.sample(pick(one.which), one.ago, one.value);
        break;
      case 'all':
        for (const id of topic.ids()) topic.sample(id, 0, one.value + id);
        break;
      case 'state':
        topic.setState(pick(one.which), one.code);
        break;
      case 'redefine':
        topic.redefine(pick(one.which), one.unit);
        break;
      case 'retire':
        topic.retire(pick(one.which));
        break;
      case 'step':
        topic.step();
        break;
      case 'tick':
        tick(one.hasChecksum);
        break;
      case 'join':
        topic.step();
        join();
        break;
      case 'resume': {
        topic.step();
        const client = clients[one.which % clients.length] as Client;
        resume(client);
        break;
      }
      case 'slow':
        (clients[one.which % clients.length] as Client).isSlow = one.isSlow;
        break;
      case 'wait':
        topic.wait(one.ms);
    }
  }
  for (const client of clients) client.isSlow = false;
  topic.sample(topic.add(), 0, 3);
  tick(true);
  for (const id of topic.ids()) topic.sample(id, 0, id + 0.5);
  tick(true);
  for (const client of clients) expectEqual(client.replica, topic);
}

function expectEqual(replica: Replica, topic: ModelTopic): void {
  const held = [...replica.seriesById.values()].map(({ id, state, time, last, min, max }) => ({
    id,
    state,
    time,
    last,
    min,
    max,
  }));
  const byId = (a: { id: number }, b: { id: number }) => a.id - b.id;
  expect(held.sort(byId)).toEqual(topic.rows().sort(byId));
  expect(replica.counts).toMatchObject({ gap: 0, checksum: 0, decode: 0 });
}

const sessions = fc.array(action, { maxLength: 120, size: 'max' });

test.each(['binary', 'json'] as const)('%s: every replica equals the topic, however it got there', (subprotocol) => {
  const runs = subprotocol === 'binary' ? 300 : 60;
  fc.assert(
    fc.property(sessions, fc.boolean(), (actions, isFirstResumed) => play(actions, subprotocol, isFirstResumed)),
    { numRuns: runs },
  );
});
