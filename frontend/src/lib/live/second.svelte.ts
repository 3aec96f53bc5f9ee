// One clock a second for every age on the page. Ticks while somebody reads it, on whole seconds of the server's clock,
// so that all ages change in the same frame.
import { createSubscriber } from 'svelte/reactivity';

export class SecondClock {
  readonly #now: () => number;
  readonly #watch: () => void;

  constructor(now: () => number) {
    this.#now = now;
    this.#watch = createSubscriber((update) => {
      let timer: ReturnType<typeof setTimeout>;
      const tick = () => {
        update();
        timer = setTimeout(tick, 1_000 - (this.#now() % 1_000));
      };
      timer = setTimeout(tick, 1_000 - (this.#now() % 1_000));
      return () => clearTimeout(timer);
    });
  }

  /** Server time, epoch ms. Reading it means: tell me every second. */
  get now(): number {
    this.#watch();
    return this.#now();
  }
}
