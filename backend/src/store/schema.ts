// The tables as drizzle knows them, for typed queries. The truth about them, with checks, triggers and versions, is
// migrations/*.sql; a test compares the two on a real database.
import type { Right } from '@tidewatch/schemas/right';
import type { Role } from '@tidewatch/schemas/role';
import type { LabelFilter } from '@tidewatch/schemas/scope';
import {
  bigint,
  boolean,
  customType,
  doublePrecision,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uuid,
} from 'drizzle-orm/pg-core';

const bytea = customType<{ data: Buffer }>({ dataType: () => 'bytea' });
const time = (name: string) => timestamp(name, { withTimezone: true });
const id = () => uuid('id').primaryKey().defaultRandom();
const createdAt = () => time('created_at').notNull().defaultNow();
const rights = () => text('rights').array().$type<Right[]>().notNull();

export const versions = pgTable('versions', {
  name: text('name').primaryKey(),
  value: bigint('value', { mode: 'number' }).notNull(),
});

export const users = pgTable('users', {
  id: id(),
  name: text('name').notNull(),
  displayName: text('display_name').notNull().default(''),
  email: text('email'),
  role: text('role').$type<Role>().notNull().default('viewer'),
  isDisabled: boolean('is_disabled').notNull().default(false),
  identity: text('identity'),
  createdAt: createdAt(),
  lastSignIn: time('last_sign_in'),
});

export const passwords = pgTable('passwords', {
  userId: uuid('user_id').primaryKey(),
  hash: text('hash').notNull(),
  mustChange: boolean('must_change').notNull().default(false),
  changedAt: time('changed_at').notNull().defaultNow(),
});

export const signInFailures = pgTable('sign_in_failures', {
  name: text('name').primaryKey(),
  failures: integer('failures').notNull(),
  lastAt: time('last_at').notNull(),
  lockedUntil: time('locked_until'),
});

export const groups = pgTable('groups', {
  id: id(),
  name: text('name').notNull(),
  description: text('description').notNull().default(''),
  createdAt: createdAt(),
});

export const memberships = pgTable(
  'memberships',
  {
    userId: uuid('user_id').notNull(),
    groupId: uuid('group_id').notNull(),
    source: text('source', { enum: ['admin', 'claims'] })
      .notNull()
      .default('admin'),
  },
  (table) => [primaryKey({ columns: [table.userId, table.groupId] })],
);

export const topicOwners = pgTable('topic_owners', {
  pattern: text('pattern').primaryKey(),
  groupId: uuid('group_id').notNull(),
  isSensitive: boolean('is_sensitive').notNull().default(false),
});

export const tokens = pgTable('tokens', {
  id: id(),
  name: text('name').notNull(),
  kind: text('kind').$type<'service' | 'screen'>().notNull().default('service'),
  secretHash: bytea('secret_hash').notNull(),
  prefix: text('prefix').notNull(),
  rights: rights(),
  patterns: text('patterns').array().notNull(),
  onBehalfOf: uuid('on_behalf_of'),
  /** Left out: the actor of the transaction. */
  createdBy: text('created_by').notNull().default(''),
  createdAt: createdAt(),
  expires: time('expires'),
  lastUsed: time('last_used'),
  revokedAt: time('revoked_at'),
  replaces: uuid('replaces'),
});

export const grants = pgTable('grants', {
  id: id(),
  userId: uuid('user_id'),
  groupId: uuid('group_id'),
  tokenId: uuid('token_id'),
  pattern: text('pattern').notNull(),
  rights: rights(),
  labels: jsonb('labels').$type<LabelFilter>(),
  until: time('until'),
  reason: text('reason').notNull().default(''),
  /** Left out: the actor of the transaction. */
  createdBy: text('created_by').notNull().default(''),
  createdAt: createdAt(),
  revision: integer('revision').notNull().default(1),
});

export const REQUEST_STATES = ['open', 'approved', 'denied', 'withdrawn'] as const;
export const accessRequests = pgTable('access_requests', {
  id: id(),
  userId: uuid('user_id').notNull(),
  pattern: text('pattern').notNull(),
  rights: rights(),
  labels: jsonb('labels').$type<LabelFilter>(),
  until: time('until'),
  reason: text('reason').notNull().default(''),
  state: text('state', { enum: REQUEST_STATES }).notNull().default('open'),
  createdAt: createdAt(),
  decidedAt: time('decided_at'),
  decidedBy: uuid('decided_by'),
  decidedByName: text('decided_by_name'),
  answer: text('answer').notNull().default(''),
  grantId: uuid('grant_id'),
});

export const logins = pgTable('logins', {
  id: id(),
  secretHash: bytea('secret_hash').notNull(),
  userId: uuid('user_id').notNull(),
  userAgent: text('user_agent').notNull().default(''),
  address: text('address').notNull().default(''),
  createdAt: createdAt(),
  lastSeen: time('last_seen').notNull().defaultNow(),
  ends: time('ends').notNull(),
});

export const audit = pgTable('audit', {
  id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
  at: time('at').notNull().defaultNow(),
  actorKind: text('actor_kind').notNull(),
  actorId: text('actor_id'),
  actor: text('actor').notNull(),
  address: text('address').notNull().default(''),
  action: text('action').notNull(),
  object: text('object').notNull(),
  objectId: text('object_id'),
  before: jsonb('before').$type<Record<string, unknown>>(),
  after: jsonb('after').$type<Record<string, unknown>>(),
  count: integer('count').notNull().default(1),
  note: text('note').notNull().default(''),
});

export const auditSeals = pgTable('audit_seals', {
  id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
  at: time('at').notNull().defaultNow(),
  firstRow: bigint('first_row', { mode: 'number' }).notNull(),
  lastRow: bigint('last_row', { mode: 'number' }).notNull(),
  rows: bigint('rows', { mode: 'number' }).notNull(),
  keyName: text('key_name').notNull(),
  seal: bytea('seal').notNull(),
});

export const gateways = pgTable('gateways', {
  id: text('id').primaryKey(),
  startedAt: time('started_at').notNull(),
  seen: time('seen').notNull(),
});

export const sessions = pgTable(
  'sessions',
  {
    gateway: text('gateway').notNull(),
    id: text('id').notNull(),
    principalKind: text('principal_kind', { enum: ['person', 'token', 'screen'] }).notNull(),
    principalId: uuid('principal_id').notNull(),
    principal: text('principal').notNull(),
    credentialId: uuid('credential_id'),
    address: text('address').notNull(),
    userAgent: text('user_agent').notNull(),
    since: time('since').notNull(),
    topics: text('topics').array().notNull(),
    framesPerSecond: doublePrecision('frames_per_second').notNull(),
    bytesPerSecond: doublePrecision('bytes_per_second').notNull(),
    inFlightBytes: doublePrecision('in_flight_bytes').notNull(),
    mergedTicks: bigint('merged_ticks', { mode: 'number' }).notNull(),
    seen: time('seen').notNull(),
    state: text('state', { enum: ['open', 'kicked'] })
      .notNull()
      .default('open'),
  },
  (table) => [primaryKey({ columns: [table.gateway, table.id] })],
);
