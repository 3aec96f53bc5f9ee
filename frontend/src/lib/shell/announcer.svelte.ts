// What is said aloud: two live regions, present and empty from the start. Polite for the connection, pause, results;
// assertive for what must not be missed, such as access that was revoked. Messages that come fast are merged.
import { createContext } from 'svelte';

export const POLITE_EVERY_MS = 5_000;
export const ALERT_EVERY_MS = 10_000;
/** Messages that wait; older ones are let go, since news that is late is no news. */
const WAITING_MAX = 3;

class Region {
  text = $state.raw('');
  readonly #everyMs: number;
  #waiting: string[] = [];
  #saidAt = Number.NEGATIVE_INFINITY;
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(everyMs: number) {
    this.#everyMs = everyMs;
  }

  say(text: string): void {
    if (text === '') return;
    this.#waiting = [...this.#waiting.filter((other) => other !== text), text].slice(-WAITING_MAX);
    this.#timer ??= setTimeout(() => this.#speak(), Math.max(0, this.#saidAt + this.#everyMs - performance.now()));
  }

  #speak(): void {
    this.#timer = null;
    this.#saidAt = performance.now();
    this.text = this.#waiting.join(' ');
    this.#waiting = [];
  }

  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
  }
}

export class Announcer {
  readonly polite = new Region(POLITE_EVERY_MS);
  readonly alert = new Region(ALERT_EVERY_MS);

  stop(): void {
    this.polite.stop();
    this.alert.stop();
  }
}

export const [getAnnouncer, setAnnouncer] = createContext<Announcer>();
