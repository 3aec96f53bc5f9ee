// The live sessions on screen: read once a second, kicked on request. A kicked row is kept KICKED_SHOWN_MS, so that it can
// say what became of it.
import { Kicked, LiveSessions } from '@tidewatch/schemas/api-sessions';
import type { Api, ApiFault } from '../auth/api-client.ts';
import { Resource } from './resource.svelte.ts';
import { inOrder, type KickedRow, withKicked } from './session-rows.ts';

const KICKED_SHOWN_MS = 30_000;
const KICKED_MAX = 50;

export class SessionsBoard {
  readonly resource: Resource<LiveSessions>;
  text = $state('');
  /** The order of the rows while it is frozen or under the pointer; null: fullest first. */
  #held = $state.raw<readonly string[] | null>(null);
  #isFrozen = $state(false);
  kicked = $state.raw<ReadonlyMap<string, KickedRow>>(new Map());
  fault = $state.raw<ApiFault | null>(null);
  readonly #api: Api;

  readonly rows = $derived.by(() =>
    inOrder(withKicked(this.resource.data?.sessions ?? [], this.kicked), this.text, this.#held),
  );

  constructor(api: Api) {
    this.#api = api;
    this.resource = new Resource({ api, schema: LiveSessions, path: () => '/api/sessions' });
  }

  get isFrozen(): boolean {
    return this.#isFrozen;
  }
  set isFrozen(is: boolean) {
    this.#isFrozen = is;
    this.#held = is ? this.rows.map((row) => row.id) : null;
  }
  /** While the pointer or the focus is on the rows they hold still. */
  hover(isOver: boolean): void {
    if (!this.#isFrozen) this.#held = isOver ? this.rows.map((row) => row.id) : null;
  }

  async kick(id: string, now: number): Promise<void> {
    const session = this.rows.find((row) => row.id === id);
    if (session === undefined) return;
    const answer = await this.#api.write(Kicked, 'POST', `/api/sessions/${id}/kick`, {});
    this.fault = answer.isOk ? null : answer.fault;
    if (!answer.isOk) return;
    this.kicked = new Map([...this.kicked, [id, { session, at: now, closedAt: null }] as const].slice(-KICKED_MAX));
    await this.resource.reload();
  }

  /** Once a second: which kicked ones are gone, and which have been shown for long enough. */
  settle(now: number): void {
    if (this.kicked.size === 0) return;
    const open = new Set(this.resource.data?.sessions.filter((one) => one.state === 'open').map((one) => one.id));
    const next = [...this.kicked]
      .filter(([, row]) => now - row.at < KICKED_SHOWN_MS)
      .map(([id, row]) => [id, row.closedAt === null && !open.has(id) ? { ...row, closedAt: now } : row] as const);
    this.kicked = new Map(next);
  }
}
