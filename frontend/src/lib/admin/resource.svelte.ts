// Something read from the gateway and kept up to date while a page shows it. A read that fails keeps what was there and
// says so; a read that was overtaken by a newer one is dropped.
import type { z } from 'zod';
import type { Api, ApiAnswer, ApiFault, Query } from '../auth/api-client.ts';

export interface ResourceOptions<T> {
  readonly api: Api;
  readonly schema: z.ZodType<T>;
  /** Read anew before each request. */
  readonly path: () => string;
  readonly query?: () => Query;
}

export class Resource<T> {
  data = $state.raw<T | null>(null);
  fault = $state.raw<ApiFault | null>(null);
  readonly #options: ResourceOptions<T>;
  #turn = 0;

  constructor(options: ResourceOptions<T>) {
    this.#options = options;
  }

  async reload(): Promise<void> {
    const { api, schema, path, query } = this.#options;
    const turn = ++this.#turn;
    const answer = await api.read(schema, path(), query?.());
    if (turn === this.#turn) this.#take(answer);
  }

  /** Puts in what a write has answered, so that nobody waits for the next read. */
  put(data: T): void {
    this.#turn++;
    this.data = data;
    this.fault = null;
  }

  /** Reads now and, where asked to, every so often until stopped. For an $effect: a change of the path reads again. */
  run(everyMs?: number): () => void {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isOn = true;
    const again = async () => {
      await this.reload();
      if (isOn && everyMs !== undefined) timer = setTimeout(() => void again(), everyMs);
    };
    void again();
    return () => {
      isOn = false;
      clearTimeout(timer);
    };
  }

  #take(answer: ApiAnswer<T>): void {
    if (answer.isOk) {
      this.data = answer.data;
      this.fault = null;
    } else {
      this.fault = answer.fault;
    }
  }
}
