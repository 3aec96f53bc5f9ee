// The live client behind the port that feeds use: one subscription a topic, its events as calls, refusals in the words
// that a panel shows.
import type { MessageOf, SubscriptionEvent, SubscriptionState } from '@tidewatch/schemas/client-topic';
import type { LiveClient } from '@tidewatch/schemas/live-client';
import type { FeedListener, FeedPort, TopicsListener } from './feed-port.ts';

const REVOKED: Record<MessageOf<'revoked'>['reason'], string> = {
  grant_removed: 'Your access was taken back just now.',
  grant_ended: 'Your access has come to its end.',
  disabled: 'Your account was disabled.',
  scope_changed: 'What you may see of this topic has changed.',
  unavailable: 'Your access cannot be checked just now.',
};

/** `onDelay`: how late a delta came, ms after the server wrote it. */
export function clientPort(client: LiveClient, onDelay: (ms: number) => void): FeedPort {
  const topicsListeners = new Set<TopicsListener>();
  client.on((event) => {
    if (event.type !== 'topics') return;
    const { at, rows, gone } = event.topics;
    for (const listener of topicsListeners) listener.rows(at, event.topics.isWhole, rows, gone);
  });

  return {
    serverNow: () => client.serverNow(),

    open(topic, rate, listener) {
      const subscription = client.subscribe(topic, { rate });
      const stop = subscription.on((event) => tell(event, listener, client, onDelay));
      tellState(subscription.state, listener);
      return {
        setRate: (next) => subscription.setRate(next),
        async history(range) {
          listener.history(await subscription.history(range));
        },
        close() {
          stop();
          subscription.close();
        },
      };
    },

    watchTopics(listener) {
      topicsListeners.add(listener);
      if (topicsListeners.size === 1) client.watchTopics(true);
      return () => {
        topicsListeners.delete(listener);
        if (topicsListeners.size === 0) client.watchTopics(false);
      };
    },
  };
}

function tell(
  event: SubscriptionEvent,
  listener: FeedListener,
  client: LiveClient,
  onDelay: (ms: number) => void,
): void {
  switch (event.type) {
    case 'state':
      tellState(event.state, listener);
      return;
    case 'snapshot':
      listener.snapshot(event.snapshot);
      return;
    case 'delta':
      onDelay(Math.max(0, client.serverNow() - event.delta.at));
      listener.delta(event.delta);
      return;
    case 'upstream':
      listener.upstream(event.upstream);
      return;
    case 'resync':
      // Invisible to people: what is shown stays until the snapshot replaces it, and the client counts it.
      return;
  }
}

function tellState(state: SubscriptionState, listener: FeedListener): void {
  switch (state.kind) {
    case 'open':
      listener.opened({ rights: state.subscribed.rights, upstream: state.upstream });
      return;
    case 'forbidden':
      listener.forbidden({ reason: state.message, owner: state.owner ?? '' });
      return;
    case 'revoked':
      listener.forbidden({ reason: REVOKED[state.reason], owner: state.owner });
      return;
    case 'failed':
      listener.failed(state.message);
      return;
    case 'requested':
    case 'closed':
      return;
  }
}
