// This page's connection to the gateway, as the page sees it: the client's state, and whether data comes late. Tries
// again at once when the network or the tab comes back.
import type { ConnectionState } from '@tidewatch/schemas/client-connection';
import type { LiveClient } from '@tidewatch/schemas/live-client';
import { createContext } from 'svelte';

/** Data this late makes a connection slow; under half of it, it is live again. */
export const SLOW_AFTER_MS = 3_000;
/** The delay is shown as it is, but not oftener. */
const DELAY_EVERY_MS = 1_000;

export class Connection {
  readonly client: LiveClient;
  #state = $state.raw<ConnectionState>({ kind: 'connecting', since: 0 });
  #delayMs = $state.raw<number | null>(null);
  #isSlow = $state.raw(false);
  #delayAt = 0;
  readonly #listeners = new Set<() => void>();
  readonly #stops: (() => void)[] = [];

  constructor(client: LiveClient) {
    this.client = client;
    this.#state = client.state;
    this.#stops.push(
      client.on((event) => {
        if (event.type === 'state') this.#become(event.state);
        if (event.type === 'accessChanged') for (const listener of this.#listeners) listener();
      }),
    );
    const retry = () => document.visibilityState === 'visible' && client.retryNow();
    for (const [target, name] of [
      [window, 'online'],
      [window, 'pageshow'],
      [document, 'visibilitychange'],
    ] as const) {
      target.addEventListener(name, retry);
      this.#stops.push(() => target.removeEventListener(name, retry));
    }
  }

  get state(): ConnectionState {
    return this.#state;
  }
  get isOnline(): boolean {
    return this.#state.kind === 'live';
  }
  /** Data comes, but late. */
  get isSlow(): boolean {
    return this.#isSlow && this.isOnline;
  }
  /** From the gateway to this page, ms; null: nothing came yet. */
  get delayMs(): number | null {
    return this.#delayMs;
  }
  /** Server time since when nothing on the page is current; null while online. */
  get offlineSince(): number | null {
    return this.isOnline ? null : this.#state.since + this.client.offsetMs;
  }

  /** A delta came `ms` after it was written, as far as clocks can tell. */
  heard(ms: number): void {
    const late = ms + (this.client.roundTripMs ?? 0) / 2;
    this.#isSlow = this.#isSlow ? late > SLOW_AFTER_MS / 2 : late >= SLOW_AFTER_MS;
    const now = performance.now();
    if (this.#delayMs !== null && now - this.#delayAt < DELAY_EVERY_MS) return;
    this.#delayAt = now;
    this.#delayMs = late;
  }

  /** Called when what I may see has changed. */
  onAccessChanged(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  start(): void {
    this.client.start();
  }
  retryNow(): void {
    this.client.retryNow();
  }
  stop(): void {
    for (const stop of this.#stops) stop();
    this.client.stop();
  }

  #become(state: ConnectionState): void {
    this.#state = state;
    if (state.kind !== 'live') {
      this.#delayMs = null;
      this.#isSlow = false;
    }
  }
}

export const [getConnection, setConnection] = createContext<Connection>();
