// What the gateway says on the socket. Snapshots, deltas and history are data: in the binary subprotocol they are
// binary messages (wire/), in the JSON subprotocol text (wire/json.ts). All else is JSON text in both.
import { z } from 'zod';
import { Rate } from './rate.ts';
import { Right } from './right.ts';
import { Scope } from './scope.ts';
import { Topic } from './topic.ts';
import { Upstream } from './upstream.ts';

/** Changes with every change of a message or a frame that an older client cannot read. A test holds it to the schemas. */
export const PROTOCOL_VERSION = 1;
export const SUBPROTOCOL = { binary: 'tidewatch.v1.binary', json: 'tidewatch.v1.json' } as const;
export type SubprotocolName = keyof typeof SUBPROTOCOL;

export const ERROR_CODES = [
  'bad_message',
  'forbidden',
  'no_such_topic',
  'not_subscribed',
  'too_many',
  'too_fast',
  'too_large',
  'unavailable',
] as const;
export type ErrorCode = (typeof ERROR_CODES)[number];

export const Hello = z.object({
  type: z.literal('hello'),
  protocol: z.literal(PROTOCOL_VERSION),
  session: z.string(),
  /** Server time, epoch ms. */
  now: z.number(),
  /** Silence after which the server says `heartbeat`; 2.5 of these without a word mean the line is dead. */
  heartbeatMs: z.number(),
  /** Identity of the running build: a page from another build should reload when it is idle. */
  build: z.string(),
  principal: z.object({ kind: z.enum(['person', 'token', 'screen']), name: z.string() }),
  subscriptionsMax: z.number(),
});
/** The answer to `subscribe`. `how` says what follows: a snapshot, or one merged delta from the resume point. */
export const Subscribed = z.object({
  type: z.literal('subscribed'),
  id: z.number(),
  topic: Topic,
  /** Stands for the topic in snapshots, deltas and history on this connection. */
  topicId: z.number(),
  epoch: z.string(),
  rate: Rate,
  stepMs: z.number(),
  how: z.enum(['snapshot', 'resumed']),
  rights: z.array(Right),
  scope: Scope,
  upstream: Upstream,
});
export const Unsubscribed = z.object({ type: z.literal('unsubscribed'), id: z.number(), topic: Topic });
/** A request was refused. `owner` says who grants access, where the code is `forbidden`. */
export const ErrorMessage = z.object({
  type: z.literal('error'),
  /** 0 where the message could not be read so far as its id. */
  id: z.number(),
  code: z.enum(ERROR_CODES),
  message: z.string(),
  topic: Topic.optional(),
  owner: z.string().optional(),
});
/** An open subscription ended on the spot. Nothing of the topic comes after it; clear what is shown. */
export const Revoked = z.object({
  type: z.literal('revoked'),
  topic: Topic,
  reason: z.enum(['grant_removed', 'grant_ended', 'disabled', 'scope_changed', 'unavailable']),
  owner: z.string(),
});
export const UpstreamMessage = z.object({ type: z.literal('upstream'), topic: Topic, upstream: Upstream });
export const Heartbeat = z.object({ type: z.literal('heartbeat'), now: z.number() });
/** The policy changed for this principal: lists that depend on it should be read again. */
export const AccessChanged = z.object({ type: z.literal('access_changed'), version: z.number() });

export const TopicRow = z.object({
  topic: Topic,
  owner: z.string(),
  isSensitive: z.boolean(),
  /** Empty: the topic is locked for this principal, and the fields below are left out. */
  rights: z.array(Right),
  /** Epoch ms when access ends; null: no end. */
  until: z.number().nullable(),
  series: z.number().optional(),
  metrics: z.number().optional(),
  units: z.array(z.string()).optional(),
  /** Samples a second over the last 10 s. */
  rate: z.number().optional(),
  /** Server time (epoch ms) of the newest arrival; 0: none yet. */
  lastSeen: z.number().optional(),
  /** Series by state: fresh, lagging, stale, ended. */
  states: z.array(z.number()).length(4).optional(),
  upstream: Upstream.optional(),
});
export type TopicRow = z.infer<typeof TopicRow>;
/** `isWhole`: replaces the list; otherwise rows that changed and names that went. */
export const Topics = z.object({
  type: z.literal('topics'),
  at: z.number(),
  isWhole: z.boolean(),
  rows: z.array(TopicRow),
  gone: z.array(Topic),
});

export const ServerMessage = z.discriminatedUnion('type', [
  Hello,
  Subscribed,
  Unsubscribed,
  ErrorMessage,
  Revoked,
  UpstreamMessage,
  Heartbeat,
  AccessChanged,
  Topics,
]);
export type ServerMessage = z.infer<typeof ServerMessage>;
