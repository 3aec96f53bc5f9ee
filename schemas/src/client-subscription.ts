// One topic of a live client: asks for it, takes what comes into its replica, asks for a snapshot after a gap, and asks
// again after a reconnect, from where it stood.
//
//   requested --subscribed--> open --line lost--> requested
//   requested --refused--> forbidden | failed; open --revoked--> revoked
//   forbidden, failed, revoked --access changed, line back, retry--> requested
//   any --close--> closed
import type { ClientRequests, Question } from './client-requests.ts';
import type { ClientClockSource, ClientTimer } from './client-socket.ts';
import {
  type ClientSubscription,
  type MessageOf,
  RequestError,
  type SubscriptionEvent,
  type SubscriptionState,
  type Wanted,
} from './client-topic.ts';
import type { SubprotocolName } from './message-server.ts';
import { type Applied, createReplica } from './replica.ts';
import type { Payload } from './wire/codec.ts';

/** A replica that keeps failing asks for a snapshot at most this often. */
export const RESYNC_EVERY_MS = 1_000;

/** What the subscription needs of its client. */
export interface SubscriptionLine {
  readonly clock: ClientClockSource;
  readonly requests: ClientRequests;
  readonly subprotocol: SubprotocolName;
  isLive(): boolean;
  send(text: string): void;
  /** Frames with this id are ours from now on. */
  bind(topicId: number, subscription: SubscriptionDriver): void;
  /** Nothing comes to us any more. */
  forget(subscription: SubscriptionDriver): void;
}

/** The client's side of a subscription. */
export interface SubscriptionDriver extends ClientSubscription {
  /** The line is live: ask for it, from where it stood. */
  resume(): void;
  lineLost(): void;
  takeFrame(payload: Payload): void;
  takeMessage(message: MessageOf<'subscribed' | 'revoked' | 'upstream'>): void;
}

export function createClientSubscription(topic: string, first: Wanted, line: SubscriptionLine): SubscriptionDriver {
  const replica = createReplica({ subprotocol: line.subprotocol });
  const listeners = new Set<(event: SubscriptionEvent) => void>();
  let wanted = first;
  /** The selection that was asked for, and the one that the replica holds: another one is not resumed but begun anew. */
  let askedKey = metricsKey(first);
  let heldKey = '';
  let state: SubscriptionState = { kind: 'requested' };
  let resyncTimer: ClientTimer | undefined;
  let resyncAt = Number.NEGATIVE_INFINITY;

  function emit(event: SubscriptionEvent): void {
    for (const listener of [...listeners]) listener(event);
  }

  function become(next: SubscriptionState): void {
    state = next;
    emit({ type: 'state', state });
  }

  function ask(): void {
    if (state.kind === 'closed' || !line.isLive()) return;
    const { rate, metrics } = wanted;
    // An open one goes on from where the server knows it to be.
    const isSame = askedKey === metricsKey(wanted);
    const resume = state.kind === 'open' || !isSame ? undefined : replica.resumePoint();
    askedKey = metricsKey(wanted);
    const question: Question = {
      type: 'subscribe',
      topic,
      ...(rate !== undefined && { rate }),
      ...(metrics !== undefined && { metrics: [...metrics] }),
      ...(resume !== undefined && { resume }),
    };
    line.requests.ask(question, (answer) => {
      if (state.kind === 'closed' || answer.type !== 'error') return;
      const { code, message, owner } = answer;
      replica.clear();
      become(code === 'forbidden' ? { kind: 'forbidden', message, owner } : { kind: 'failed', code, message });
    });
  }

  function takeApplied(applied: Applied): void {
    switch (applied.kind) {
      case 'snapshot':
        emit({ type: 'snapshot', snapshot: applied.snapshot });
        break;
      case 'delta':
        emit({ type: 'delta', delta: applied.delta, receivedAt: line.clock.now() });
        break;
      case 'history':
        line.requests.answer(applied.history.request, { type: 'history', history: applied.history });
        break;
      case 'resync':
        emit({ type: 'resync', why: applied.why, message: applied.message });
        resync();
        break;
      case 'ignored':
    }
  }

  /** Now, or as soon as it may. */
  function resync(): void {
    if (resyncTimer !== undefined) return;
    const wait = Math.max(0, resyncAt + RESYNC_EVERY_MS - line.clock.monotonic());
    if (wait > 0) {
      resyncTimer = line.clock.after(wait, () => {
        resyncTimer = undefined;
        resync();
      });
      return;
    }
    if (replica.state.kind !== 'gap' || state.kind !== 'open' || !line.isLive()) return;
    resyncAt = line.clock.monotonic();
    line.send(JSON.stringify({ type: 'resync', id: line.requests.nextId(), topic, why: replica.state.why }));
  }

  const subscription: SubscriptionDriver = {
    topic,
    replica,
    get state() {
      return state;
    },
    on(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    want(next) {
      wanted = next;
      ask();
    },
    setRate(rate) {
      subscription.want({ ...wanted, rate });
    },
    history(range) {
      return new Promise((resolve, reject) => {
        if (state.kind === 'closed') return reject(new RequestError('closed', `${topic} was closed.`));
        if (state.kind !== 'open') return reject(new RequestError('not_subscribed', `${topic} is not open.`));
        const { series, ...rest } = range;
        const question = { type: 'history' as const, topic, ...rest };
        line.requests.ask(series === undefined ? question : { ...question, series: [...series] }, (answer) => {
          if (answer.type === 'history') resolve(answer.history);
          else if (answer.type === 'error') reject(new RequestError(answer.code, answer.message));
          else reject(new RequestError('lost', 'The connection broke before the answer came.'));
        });
      });
    },
    retry() {
      if (state.kind !== 'forbidden' && state.kind !== 'revoked' && state.kind !== 'failed') return;
      become({ kind: 'requested' });
      ask();
    },
    close() {
      if (state.kind === 'closed') return;
      if (line.isLive()) line.requests.ask({ type: 'unsubscribe', topic }, () => {});
      resyncTimer?.stop();
      line.forget(subscription);
      become({ kind: 'closed' });
      listeners.clear();
    },
    resume() {
      if (state.kind !== 'requested') become({ kind: 'requested' });
      ask();
    },
    lineLost() {
      resyncTimer?.stop();
      resyncTimer = undefined;
      if (state.kind === 'open') become({ kind: 'requested' });
    },
    takeFrame(payload) {
      takeApplied(replica.apply(payload));
    },
    takeMessage(message) {
      switch (message.type) {
        case 'subscribed': {
          line.bind(message.topicId, subscription);
          const key = `${askedKey} ${JSON.stringify(message.scope)}`;
          if (message.how === 'resumed' && key !== heldKey) replica.clear();
          heldKey = key;
          const begun = replica.begin(message);
          become({ kind: 'open', subscribed: message, upstream: message.upstream });
          takeApplied(begun);
          break;
        }
        case 'revoked':
          replica.clear();
          become({ kind: 'revoked', reason: message.reason, owner: message.owner });
          break;
        case 'upstream':
          if (state.kind === 'open') state = { ...state, upstream: message.upstream };
          emit({ type: 'upstream', upstream: message.upstream });
      }
    },
  };
  ask();
  return subscription;
}

function metricsKey({ metrics }: Wanted): string {
  return metrics === undefined ? '' : JSON.stringify(metrics);
}
