// The rule behind each message a client may send: ask decide(), do it, answer by id. Queues answers; the session
// writes them.
import type { ClientMessage } from '@tidewatch/schemas/message-client';
import { RATE_DEFAULT_HZ } from '@tidewatch/schemas/rate';
import { RIGHTS, type Right } from '@tidewatch/schemas/right';
import { encodeHistory } from '@tidewatch/schemas/wire/encoder';
import type { Decision } from '../access/decide.ts';
import type { Membership } from '../publish/publisher.ts';
import { HISTORY_POINTS_MAX } from './history-source.ts';
import type { Session } from './session.ts';
import { SUBSCRIPTIONS_MAX } from './session-context.ts';
import { createSubscription, type Resume, type Subscription } from './subscription.ts';
import { createTopicWatch } from './topic-watch.ts';

type Of<Type extends ClientMessage['type']> = Extract<ClientMessage, { type: Type }>;

const ANSWERS: { readonly [Type in ClientMessage['type']]: (session: Session, message: Of<Type>) => void } = {
  subscribe,
  unsubscribe,
  resync,
  history,
  watch_topics: watchTopics,
};

export function answer(session: Session, message: ClientMessage): void {
  (ANSWERS[message.type] as (session: Session, message: ClientMessage) => void)(session, message);
}

/** Says that the subscription is open, and as what, then queues its first payload. Also after the scope changed (id 0). */
export function sayBegin(session: Session, id: number, subscription: Subscription, membership: Membership): void {
  const { topic, rate, selection } = subscription.wanted;
  const { topicId, epoch, stepMs, how } = membership;
  const rights = rightsOf(session, topic);
  const upstream = session.context.upstreamOf(topic);
  session.say({
    type: 'subscribed',
    id,
    topic,
    topicId,
    epoch,
    rate,
    stepMs,
    how,
    rights,
    scope: selection.scope,
    upstream,
  });
  subscription.sendFirst(membership);
}

function subscribe(session: Session, message: Of<'subscribe'>): void {
  const { id, topic, metrics } = message;
  const decision = decideOn(session, 'subscribe', topic);
  if (!decision.allow) {
    forbid(session, id, 'subscribe', topic, decision);
    return;
  }
  const open = session.subscriptions.get(topic);
  if (open === undefined && session.subscriptions.size >= SUBSCRIPTIONS_MAX) {
    session.refuse(id, 'too_many', `A session has at most ${SUBSCRIPTIONS_MAX} subscriptions.`, { topic });
    return;
  }
  const rate = message.rate ?? open?.wanted.rate ?? RATE_DEFAULT_HZ;
  const selection = { scope: decision.scope, metrics: metrics === undefined ? null : [...new Set(metrics)].sort() };
  const subscription = open ?? createSubscription(session, { topic, rate, selection });
  subscription.wanted = { topic, rate, selection };
  const membership = subscription.join(message.resume ?? resumeOf(open));
  session.subscriptions.set(topic, subscription);
  sayBegin(session, id, subscription, membership);
}

/** An open subscription that changes its rate goes on from where it is. */
function resumeOf(open: Subscription | undefined): Resume | undefined {
  return open?.epoch === undefined ? undefined : { epoch: open.epoch, seq: open.seq };
}

function unsubscribe(session: Session, { id, topic }: Of<'unsubscribe'>): void {
  const subscription = session.subscriptions.get(topic);
  if (subscription === undefined) notSubscribed(session, id, topic);
  else {
    session.end(subscription);
    session.say({ type: 'unsubscribed', id, topic });
  }
}

/** Answered by the snapshot itself. */
function resync(session: Session, { id, topic }: Of<'resync'>): void {
  const subscription = session.subscriptions.get(topic);
  if (subscription === undefined) notSubscribed(session, id, topic);
  else {
    session.resyncs += 1;
    subscription.sendSnapshot();
  }
}

function history(session: Session, message: Of<'history'>): void {
  const { id, topic, from, to, stepMs, series = null } = message;
  const decision = decideOn(session, 'history', topic);
  if (!decision.allow) {
    forbid(session, id, 'history', topic, decision);
    return;
  }
  const { scope } = decision;
  const { context, outbox, subprotocol } = session;
  const query = { topic, scope, from, to, stepMs, series, pointsMax: HISTORY_POINTS_MAX };
  const found = from < to ? context.history(query) : 'bad_message';
  if (typeof found === 'string') session.refuse(id, found, NO_HISTORY[found], { topic });
  else outbox.pushBulk(encodeHistory({ ...found, request: id }, subprotocol), topic);
}

const NO_HISTORY = {
  bad_message: 'Field "from" of "history": lies before "to".',
  no_such_topic: 'There is no such topic now.',
  too_large: `An answer has at most ${HISTORY_POINTS_MAX} points: ask for fewer series, a shorter range or wider buckets.`,
} as const;

/** Answered by the list itself; turning it off needs no answer. */
function watchTopics(session: Session, { isOn }: Of<'watch_topics'>): void {
  session.topicWatch = null;
  if (!isOn) return;
  const { board, gatekeeper, areTopicNamesHidden, clock } = session.context;
  const principalId = session.visitor.principal.id;
  session.topicWatch = createTopicWatch({ board, gatekeeper, principalId, areNamesHidden: areTopicNamesHidden });
  const text = session.topicWatch.next(clock.now());
  if (text !== null) session.sayText(text);
}

export function decideOn(session: Session, right: Right, topic: string): Decision {
  const { lease, principal } = session.visitor;
  if (lease !== null && !lease.isHeld()) return { allow: false, reason: 'signed_out', path: [] };
  return session.context.gatekeeper.decide(principal.id, right, topic);
}

export function rightsOf(session: Session, topic: string): Right[] {
  return RIGHTS.filter((right) => decideOn(session, right, topic).allow);
}

const REFUSED = {
  no_rule: 'No grant lets you',
  grant_ended: 'Your grant has ended: it no longer lets you',
  not_active: 'This account is not active: it may not',
  signed_out: 'You are signed out: you may not',
  policy_too_old: 'The gateway has not heard from its database for too long. Until it does, nobody may',
} as const;

function forbid(
  session: Session,
  id: number,
  right: 'subscribe' | 'history',
  topic: string,
  { reason }: Extract<Decision, { allow: false }>,
): void {
  const what = right === 'subscribe' ? `read ${topic}` : `read the history of ${topic}`;
  const code = reason === 'policy_too_old' ? 'unavailable' : 'forbidden';
  const about = session.context.areTopicNamesHidden ? { topic } : { topic, owner: ownerOf(session, topic) };
  session.refuse(id, code, `${REFUSED[reason]} ${what}.`, about);
}

export function ownerOf(session: Session, topic: string): string {
  return session.context.gatekeeper.owner(topic).owner;
}

function notSubscribed(session: Session, id: number, topic: string): void {
  session.refuse(id, 'not_subscribed', `There is no open subscription to ${topic}.`, { topic });
}
