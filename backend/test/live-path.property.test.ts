// The promise of the live path as one property: whatever samples, ticks, subscriptions, revokes, drops and slow readers
// come in whatever order, every replica equals the server once it is quiet, and nobody is ever written a topic that
// they may not read. Real metrics, publisher, sessions, decide(), codec and client; only wire and time are by hand.

import type { SocketEvents } from '@tidewatch/schemas/client-socket';
import type { ClientSubscription } from '@tidewatch/schemas/client-topic';
import { CLOSE } from '@tidewatch/schemas/close-code';
import { createLiveClient } from '@tidewatch/schemas/live-client';
import { RATES_HZ } from '@tidewatch/schemas/rate';
import { inScope } from '@tidewatch/schemas/scope';
import { createStreamEncoder, peekTopicId } from '@tidewatch/schemas/wire/encoder';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createMetrics } from '../src/metrics/metrics.ts';
import { BEAT_MS, createPublisher, type Publisher } from '../src/publish/publisher.ts';
import { createMemoryTransport, type MemoryTransport } from './session/memory-transport.ts';
import { createSessionKit } from './session/session-kit.ts';

const TOPICS = ['shop.cart', 'shop.orders', 'pay.eu'] as const;
const PEOPLE = ['alice', 'bob', 'carol'] as const;
const REGIONS = ['eu', 'us'] as const;

const person = fc.constantFrom(...PEOPLE);
const topic = fc.constantFrom(...TOPICS);
const value = fc.oneof(
  fc.integer({ min: -1_000, max: 1_000 }).map((n) => n / 100),
  fc.constantFrom(0, -0, 51.846000000000004, null, 1e300),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
);
const action = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('emit' as const),
      topic,
      series: fc.nat(5),
      value,
      lateMs: fc.constantFrom(0, 0, 0, 900, 4_000, 41_000),
      count: fc.integer({ min: 1, max: 4 }),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant('pass' as const), ms: fc.constantFrom(10, 60, 300, 1_100, 3_000) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('subscribe' as const), person, topic, rate: fc.constantFrom(...RATES_HZ) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('leave' as const), person, topic }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('grant' as const),
      person,
      pattern: fc.constantFrom('shop.*', 'pay.**', ...TOPICS),
      region: fc.constantFrom(null, ...REGIONS),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('revoke' as const), person }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('drop' as const), person }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('stall' as const), person, isReading: fc.boolean() }) },
);
type Action = typeof action extends fc.Arbitrary<infer A> ? A : never;

function createWorld(subprotocol: 'binary' | 'json') {
  let publisher: ReturnType<typeof createPublisher>;
  const streams: Pick<Publisher, 'join'> = { join: (request) => publisher.join(request) };
  const kit = createSessionKit({ streams });
  const { clock, policy } = kit;
  const metrics = createMetrics({ caps: { seriesPerTopicMax: 100, seriesMax: 100, historyMaxBytes: 1e9 } });
  let epochs = 0;
  publisher = createPublisher({
    metrics,
    now: clock.now,
    encoderFor: createStreamEncoder,
    epochId: () => `epoch-${++epochs}`,
  });
  clock.every(BEAT_MS, () => publisher.beat());
  clock.every(1_000, () => metrics.sweep(clock.now(), () => null));
  const lines = new Map<string, { transport: MemoryTransport; events: SocketEvents; delivered: number }>();
  const isReading = new Map<string, boolean>();

  const topicOf = (id: number | undefined) => TOPICS.find((name) => publisher.topicId(name) === id);

  function connect(name: string, events: SocketEvents) {
    const transport = createMemoryTransport();
    transport.isReading = isReading.get(name) ?? true;
    const write = transport.write.bind(transport);
    transport.write = (payloads) => {
      for (const payload of payloads) {
        const written = topicOf(peekTopicId(payload));
        if (written === undefined) continue;
        expect(policy.decide(name, 'subscribe', written).allow, `${name} was written ${written}`).toBe(true);
      }
      write(payloads);
    };
    const line = { transport, events, delivered: 0 };
    lines.set(name, line);
    const principal = { kind: 'person' as const, id: name, name };
    kit.registry.open({ principal, lease: null, subprotocol, address: '127.0.0.1', userAgent: 'test' }, transport);
    return {
      send: (text: string) => transport.sendText(text),
      close() {
        lines.delete(name);
        transport.emit({ type: 'closed' });
      },
    };
  }

  /** What the clients have read reaches them; a line that the server closed ends. */
  function deliver(): void {
    for (const [name, line] of lines) {
      while (line.delivered < line.transport.taken.length) {
        const payload = line.transport.taken[line.delivered++];
        if (payload !== undefined) line.events.onMessage(payload);
      }
      const { closedAs } = line.transport;
      if (closedAs === null) continue;
      lines.delete(name);
      line.transport.emit({ type: 'closed' });
      line.events.onClosed(closedAs === 'reset' ? 1006 : CLOSE[closedAs].code);
    }
  }

  function pass(ms: number): void {
    for (let gone = 0; gone < ms; gone += 10) {
      clock.pass(Math.min(10, ms - gone));
      deliver();
    }
  }

  const clients = new Map(
    PEOPLE.map((name) => {
      const openSocket = (_subprotocol: string, events: SocketEvents) => connect(name, events);
      const client = createLiveClient({ openSocket, clock, random: () => 0.5, subprotocol });
      client.start();
      return [name, { client, open: new Map<string, ClientSubscription>() }] as const;
    }),
  );

  /** Resyncs that no drop explains. */
  const faults: string[] = [];
  return { faults, clock, metrics, publisher, policy, kit, clients, lines, isReading, pass, deliver };
}

type World = ReturnType<typeof createWorld>;

function act(world: World, step: Action): void {
  const { clock, metrics, publisher, policy, clients, lines, isReading } = world;
  switch (step.do) {
    case 'emit':
      for (let at = 0; at < step.count; at++) {
        const labels = { region: REGIONS[step.series % 2] ?? 'eu', host: `h${step.series}` };
        const time = clock.now() - step.lateMs - at * 300;
        const kind = step.series === 5 ? ('counter' as const) : ('gauge' as const);
        const sample = { topic: step.topic, metric: 'm', labels, time, value: step.value, arrival: clock.now(), kind };
        metrics.take({ ...sample, intervalMs: 1_000, isEnded: false });
      }
      publisher.touched(step.topic);
      break;
    case 'pass':
      world.pass(step.ms);
      break;
    case 'subscribe': {
      const own = clients.get(step.person);
      const known = own?.open.get(step.topic);
      if (known !== undefined) known.setRate(step.rate);
      else if (own !== undefined) {
        const opened = own.client.subscribe(step.topic, { rate: step.rate });
        opened.on((event) => {
          if (event.type === 'resync' && event.why !== 'gap') world.faults.push(`${step.person}: ${event.message}`);
        });
        own.open.set(step.topic, opened);
      }
      break;
    }
    case 'leave': {
      const own = clients.get(step.person);
      own?.open.get(step.topic)?.close();
      own?.open.delete(step.topic);
      break;
    }
    case 'grant': {
      const scope = step.region === null ? ('all' as const) : [{ region: step.region }];
      policy.grant(step.person, step.pattern, { scope });
      world.kit.policyChanged(step.person);
      break;
    }
    case 'revoke':
      policy.revoke(step.person);
      world.kit.policyChanged(step.person);
      break;
    case 'drop': {
      const line = lines.get(step.person);
      if (line === undefined) break;
      lines.delete(step.person);
      line.transport.emit({ type: 'closed' });
      line.events.onClosed(1006);
      break;
    }
    case 'stall': {
      isReading.set(step.person, step.isReading);
      const line = lines.get(step.person);
      if (line === undefined) break;
      line.transport.isReading = step.isReading;
      if (step.isReading) line.transport.take();
    }
  }
}

const shown = (number: number) => (Number.isNaN(number) ? 'none' : Object.is(number, -0) ? '-0' : String(number));

function expectEqualReplicas({ clients, policy, metrics }: World): number {
  let compared = 0;
  for (const [name, { open }] of clients) {
    for (const [topicName, subscription] of open) {
      const decision = policy.decide(name, 'subscribe', topicName);
      const { replica, state } = subscription;
      if (!decision.allow) {
        expect(['forbidden', 'revoked'], `${name} on ${topicName}`).toContain(state.kind);
        expect(replica.seriesById.size).toBe(0);
        continue;
      }
      if (state.kind !== 'open') {
        // A grant that came after the refusal is taken up when the page asks again.
        expect(['forbidden', 'revoked', 'failed']).toContain(state.kind);
        continue;
      }
      const bucket = { last: 0, min: 0, max: 0 };
      const truth: Record<number, string> = {};
      for (const series of metrics.topic(topicName)?.seriesById ?? []) {
        if (series === null || !inScope(decision.scope, series.def.labels)) continue;
        const time = series.readNewest(replica.stepMs, bucket);
        truth[series.def.id] = [time, ...[bucket.last, bucket.min, bucket.max].map(shown), series.state].join(' ');
      }
      const own: Record<number, string> = {};
      for (const [id, row] of replica.seriesById) {
        own[id] = [row.time, ...[row.last, row.min, row.max].map(shown), row.state].join(' ');
      }
      expect(own, `${name} on ${topicName} at ${replica.stepMs} ms`).toEqual(truth);
      compared += 1;
    }
  }
  return compared;
}

test.each(['binary', 'json'] as const)(
  'in the %s subprotocol every replica equals the server once quiet, and nobody is written what they may not read',
  (subprotocol) => {
    let compared = 0;
    fc.assert(
      fc.property(fc.array(action, { minLength: 10, maxLength: 60 }), (steps) => {
        const world = createWorld(subprotocol);
        for (const name of PEOPLE) world.policy.grant(name, 'shop.*');
        world.pass(20);
        for (const step of steps) {
          act(world, step);
          world.deliver();
        }
        for (const name of PEOPLE) act(world, { do: 'stall', person: name, isReading: true });
        // Long enough to reconnect, to catch up, and for every state to be told.
        world.pass(45_000);
        compared += expectEqualReplicas(world);
        expect(world.faults).toEqual([]);
      }),
      { numRuns: 500 },
    );
    expect(compared, 'hardly any replica was compared').toBeGreaterThan(40);
  },
  120_000,
);
