// Whether the gateway is up, for people who are not signed in yet: asked every POLL_MS while somebody looks.
import { z } from 'zod';
import type { Api } from './api-client.ts';

const POLL_MS = 5_000;

const Health = z.object({
  isReady: z.boolean(),
  parts: z.record(z.string(), z.object({ isReady: z.boolean(), state: z.string() }).loose()),
});
export type Health = z.infer<typeof Health>;
export type StatusShapeOf = 'connecting' | 'live' | 'warning' | 'critical';
export interface StatusWords {
  readonly shape: StatusShapeOf;
  readonly text: string;
}

/** What is said of it. null: nothing is known yet; 'silent': no answer. */
export function statusWords(health: Health | 'silent' | null): StatusWords {
  if (health === null) return { shape: 'connecting', text: 'Asking the gateway' };
  if (health === 'silent') return { shape: 'critical', text: 'The gateway does not answer' };
  if (health.parts.database?.isReady === false)
    return { shape: 'critical', text: 'The gateway is up, but its database is out of reach: nobody can sign in' };
  const source = health.parts.source?.state;
  if (source === 'unreachable') return { shape: 'warning', text: 'Gateway is up, Kafka is out of reach' };
  if (source === 'behind') return { shape: 'warning', text: 'Gateway is up, metrics come late' };
  if (!health.isReady) return { shape: 'warning', text: 'Gateway is starting' };
  return { shape: 'live', text: 'Gateway is up, metrics are up to date' };
}

export class GatewayStatus {
  #health = $state.raw<Health | 'silent' | null>(null);
  readonly words = $derived(statusWords(this.#health));
  readonly #api: Api;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isOn = false;

  constructor(api: Api) {
    this.#api = api;
  }

  start(): void {
    this.#isOn = true;
    void this.#ask();
  }

  stop(): void {
    this.#isOn = false;
    clearTimeout(this.#timer);
  }

  async #ask(): Promise<void> {
    const answer = await this.#api.read(Health, '/health');
    if (!this.#isOn) return;
    this.#health = answer.isOk ? answer.data : 'silent';
    this.#timer = setTimeout(() => void this.#ask(), POLL_MS);
  }
}
