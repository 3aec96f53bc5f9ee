// One form on its way: what is wrong with which field, and whether it is being sent. What was typed is never lost.
import type { z } from 'zod';
import type { ApiAnswer, ApiFault } from './api-client.ts';

export class FormState {
  #fault = $state.raw<ApiFault | null>(null);
  #faults = $state.raw<Readonly<Record<string, string>>>({});
  isBusy = $state(false);

  /** What is wrong with a field; undefined: nothing. */
  of(field: string): string | undefined {
    return this.#faults[field];
  }

  /** What is wrong and belongs to no field that the form shows. */
  get general(): string | undefined {
    return this.#fault === null || this.#fault.field !== undefined ? undefined : this.#fault.message;
  }

  /** The body as its schema has it; null where a field is at fault, which is then said. */
  check<T>(schema: z.ZodType<T>, values: unknown): T | null {
    const read = schema.safeParse(values);
    this.#fault = null;
    this.#faults = {};
    if (read.success) return read.data;
    const faults: Record<string, string> = {};
    for (const issue of read.error.issues) faults[String(issue.path[0] ?? '')] ??= sentence(issue.message);
    this.#faults = faults;
    return null;
  }

  /** Sends once, however often it is pressed. null: it was refused, and the form says why. */
  async send<T>(request: () => Promise<ApiAnswer<T>>): Promise<T | null> {
    if (this.isBusy) return null;
    this.isBusy = true;
    const answer = await request();
    this.isBusy = false;
    if (answer.isOk) {
      this.clear();
      return answer.data;
    }
    this.#fault = answer.fault;
    const [field] = (answer.fault.field ?? '').split('.');
    this.#faults = field === undefined || field === '' ? {} : { [field]: answer.fault.message };
    return null;
  }

  clear(): void {
    this.#fault = null;
    this.#faults = {};
  }
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
