// Requests on their way: each has an id and gets one answer, whatever happens. At most PENDING_MAX are on the line; the
// rest wait their turn, so that opening many topics at once never runs into the gateway's limit.

import type { MessageOf } from './client-topic.ts';
import type { History } from './history.ts';
import type { ClientMessage } from './message-client.ts';
import { REQUEST_ID_MAX } from './message-client.ts';

export const PENDING_MAX = 100;
/** Requests that may wait; one more is answered `lost` at once. */
export const WAITING_MAX = 10_000;

export type Answer = MessageOf<'subscribed'> | MessageOf<'unsubscribed'> | MessageOf<'error'> | HistoryAnswer | Lost;
export interface HistoryAnswer {
  readonly type: 'history';
  readonly history: History;
}
export interface Lost {
  readonly type: 'lost';
}

type WithoutId<Message> = Message extends unknown ? Omit<Message, 'id'> : never;
export type Question = WithoutId<Extract<ClientMessage, { type: 'subscribe' | 'unsubscribe' | 'history' }>>;

interface Pending {
  readonly text: string;
  readonly sentAt: number;
  readonly settle: (answer: Answer) => void;
}

export interface ClientRequests {
  ask(question: Question, settle: (answer: Answer) => void): void;
  /** An id for a message that has no answer of its own. */
  nextId(): number;
  /** False: no such request is open. */
  answer(id: number, answer: Answer): boolean;
  /** Says everything that is open once more: the gateway did not read all of it. */
  repeat(): void;
  /** The line broke: everything is answered `lost`. */
  lose(): void;
}

export interface ClientRequestsOptions {
  readonly send: (text: string) => void;
  readonly monotonic: () => number;
  readonly onRoundTrip: (ms: number) => void;
}

export function createClientRequests({ send, monotonic, onRoundTrip }: ClientRequestsOptions): ClientRequests {
  const pending = new Map<number, Pending>();
  let waiting: { readonly question: Question; readonly settle: Pending['settle'] }[] = [];
  let lastId = 0;

  function nextId(): number {
    lastId = lastId >= REQUEST_ID_MAX ? 1 : lastId + 1;
    return lastId;
  }

  function put(question: Question, settle: (answer: Answer) => void): void {
    const id = nextId();
    const text = JSON.stringify({ ...question, id });
    pending.set(id, { text, sentAt: monotonic(), settle });
    send(text);
  }

  return {
    nextId,
    ask(question, settle) {
      if (pending.size < PENDING_MAX) put(question, settle);
      else if (waiting.length < WAITING_MAX) waiting.push({ question, settle });
      else settle({ type: 'lost' });
    },
    answer(id, answer) {
      const request = pending.get(id);
      if (request === undefined) return false;
      pending.delete(id);
      onRoundTrip(monotonic() - request.sentAt);
      request.settle(answer);
      const next = waiting.shift();
      if (next !== undefined) put(next.question, next.settle);
      return true;
    },
    repeat() {
      for (const { text } of pending.values()) send(text);
    },
    lose() {
      const settles = [...pending.values()].map(({ settle }) => settle);
      const queued = waiting;
      pending.clear();
      waiting = [];
      for (const settle of settles) settle({ type: 'lost' });
      for (const { settle } of queued) settle({ type: 'lost' });
    },
  };
}
