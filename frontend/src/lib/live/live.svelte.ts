// Everything live on the page, handed down by context: feeds by topic, the list of topics, the clock of ages. A topic has
// one feed however many panels read it.
import { RATE_DEFAULT_HZ, type Rate } from '@tidewatch/schemas/rate';
import { createContext } from 'svelte';
import type { FeedPort } from '../connection/feed-port.ts';
import { SecondClock } from './second.svelte.ts';
import { TopicFeed } from './topic-feed.svelte.ts';
import { TopicList } from './topic-list.svelte.ts';

/** Feeds kept by name. Those nobody reads hold no samples, so the cap only bounds the names. */
const FEEDS_MAX = 1_000;

export class Live {
  readonly topics: TopicList;
  readonly clock: SecondClock;
  readonly #port: FeedPort;
  readonly #feeds = new Map<string, TopicFeed>();
  readonly #listeners = new Set<() => void>();

  constructor(port: FeedPort) {
    this.#port = port;
    this.topics = new TopicList(port);
    this.clock = new SecondClock(() => port.serverNow());
  }

  feed(topic: string, rate: Rate = RATE_DEFAULT_HZ): TopicFeed {
    let feed = this.#feeds.get(topic);
    if (feed === undefined) {
      if (this.#feeds.size >= FEEDS_MAX) this.#feeds.clear();
      feed = new TopicFeed(topic, this.#port, rate, () => {
        for (const listener of this.#listeners) listener();
      });
      this.#feeds.set(topic, feed);
    }
    return feed;
  }

  /** Samples taken by all feeds since they began. */
  taken(): number {
    let sum = 0;
    for (const feed of this.#feeds.values()) sum += feed.store.taken();
    return sum;
  }

  serverNow(): number {
    return this.#port.serverNow();
  }

  /** Called after anything of any feed changed. Returns how to stop it. */
  onData(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

export const [getLive, setLive] = createContext<Live>();
