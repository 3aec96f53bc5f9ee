// The grant that is being composed: what is chosen, what it would do, and whether it may be saved. The preview is asked
// for PREVIEW_AFTER_MS after the last change, and answers that were overtaken are dropped.
import { CreateGrantsBody, Grant, GrantPreview, PreviewGrantsBody } from '@tidewatch/schemas/api-grants';
import { patternFault } from '@tidewatch/schemas/pattern';
import { IMPLIED_RIGHTS, type Right } from '@tidewatch/schemas/right';
import { z } from 'zod';
import type { Api } from '../auth/api-client.ts';
import { FormState } from '../auth/form-state.svelte.ts';
import { readLabels } from './label-filter.ts';
import { UNTIL_PRESETS } from './until-words.ts';

const PREVIEW_AFTER_MS = 80;
export type UntilChoice = (typeof UNTIL_PRESETS)[number]['value'] | 'date' | 'none';
const Made = z.object({ grants: z.array(Grant) });

export class GrantDraft {
  /** `kind:id`, as the combobox holds them. */
  who = $state.raw<readonly string[]>([]);
  rights = $state.raw<readonly Right[]>(['subscribe', 'history']);
  patterns = $state.raw<readonly string[]>([]);
  /** What is being typed: previewed too, where it is a pattern. */
  typed = $state('');
  labels = $state('');
  until = $state<UntilChoice>('8h');
  /** Of the date field, as the browser gives it; read as UTC. */
  date = $state('');
  reason = $state('');
  preview = $state.raw<GrantPreview | null>(null);
  readonly form = new FormState();
  readonly #api: Api;
  readonly #now: () => number;
  #turn = 0;

  readonly typedFault = $derived(this.typed.trim() === '' ? undefined : patternFault(this.typed.trim()));
  readonly allPatterns = $derived.by(() => {
    const typed = this.typed.trim();
    return typed === '' || this.typedFault !== undefined ? this.patterns : [...new Set([...this.patterns, typed])];
  });
  /** Rights that come with others: shown as ticked and not to be taken away. */
  readonly implied = $derived(new Set(this.rights.flatMap((right) => IMPLIED_RIGHTS[right])));
  readonly readLabels = $derived(readLabels(this.labels));
  readonly isEverything = $derived(this.allPatterns.includes('**'));

  constructor(api: Api, now: () => number) {
    this.#api = api;
    this.#now = now;
  }

  /** Epoch ms; null: no end. NaN: a date that is none yet. */
  untilAt(): number | null {
    if (this.until === 'none') return null;
    if (this.until === 'date') return this.date === '' ? Number.NaN : Date.parse(`${this.date}Z`);
    return Math.round(this.#now()) + (UNTIL_PRESETS.find((one) => one.value === this.until)?.ms ?? 0);
  }

  toggle(right: Right, isOn: boolean): void {
    this.rights = isOn ? [...this.rights, right] : this.rights.filter((other) => other !== right);
  }

  addTyped(): void {
    const typed = this.typed.trim();
    if (typed === '' || this.typedFault !== undefined) return;
    if (!this.patterns.includes(typed)) this.patterns = [...this.patterns, typed];
    this.typed = '';
  }

  /** For an $effect: asks for the preview of what is chosen now. */
  watch(): () => void {
    const body = PreviewGrantsBody.safeParse({ ...this.#body(), reason: '' });
    const turn = ++this.#turn;
    if (!body.success) {
      this.preview = null;
      return () => undefined;
    }
    const timer = setTimeout(async () => {
      const answer = await this.#api.write(GrantPreview, 'POST', '/api/grants/preview', body.data);
      if (turn === this.#turn && answer.isOk) this.preview = answer.data;
    }, PREVIEW_AFTER_MS);
    return () => clearTimeout(timer);
  }

  /** The grants that were made; null: the form says why not. */
  async save(): Promise<readonly Grant[] | null> {
    this.addTyped();
    const body = this.form.check(CreateGrantsBody, this.#body());
    if (body === null) return null;
    const made = await this.form.send(() => this.#api.write(Made, 'POST', '/api/grants', body));
    return made?.grants ?? null;
  }

  #body() {
    return {
      who: this.who.map((one) => {
        const [kind, id] = one.split(':');
        return { kind, id };
      }),
      patterns: [...this.allPatterns],
      rights: [...this.rights],
      labels: this.readLabels.isOk ? this.readLabels.labels : {},
      until: this.untilAt(),
      reason: this.reason.trim(),
    };
  }
}
