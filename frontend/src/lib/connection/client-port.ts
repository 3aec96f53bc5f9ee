// The live client behind the port that feeds use: one subscription a topic, its events as calls, refusals in the words
// that a panel shows.
import type { MessageOf, SubscriptionEvent, SubscriptionState } from '@tidewatch/schemas/client-topic';
import type { LiveClient } from '@tidewatch/schemas/live-client';
import type { FeedListener, FeedPort, TopicsListener } from '../live/feed-port.ts';

const REVOKED: Record<MessageOf<'revoked'>['reason'], string> = {
  grant_removed: 'Your access was taken back just now.',
  grant_ended: 'Your access has come to its end.',
  disabled: 'Your account was disabled.',
  scope_changed: 'What you may see of this topic has changed.',
};

/** `onDelay`: how late a delta came, ms after the server wrote it. */
export function clientPort(client: LiveClient, onDelay: (ms: number) => void): FeedPort {
  const topicsListeners = new Set<TopicsListener>();
  let isWhole = false;
  client.on((event) => {
    if (event.type === 'state' && event.state.kind === 'live') isWhole = false;
    if (event.type !== 'topics') return;
    const { at, rows, gone } = event.topics;
    isWhole ||= event.topics.isWhole;
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
      return tellState(event.state, listener);
    case 'snapshot':
      return listener.snapshot(event.snapshot);
    case 'delta':
      onDelay(Math.max(0, client.serverNow() - event.delta.at));
      return listener.delta(event.delta);
    case 'upstream':
      return listener.upstream(event.upstream);
    case 'resync':
      // Invisible to people: what is shown stays until the snapshot replaces it, and the client counts it.
      return;
  }
}

function tellState(state: SubscriptionState, listener: FeedListener): void {
  switch (state.kind) {
    case 'open':
      return listener.opened({ rights: state.subscribed.rights, upstream: state.upstream });
    case 'forbidden':
      return listener.forbidden({ reason: state.message, owner: state.owner ?? '' });
    case 'revoked':
      return listener.forbidden({ reason: REVOKED[state.reason], owner: state.owner });
    case 'failed':
      return listener.failed(state.message);
    case 'requested':
    case 'closed':
      return;
  }
}
