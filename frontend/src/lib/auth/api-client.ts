// Asks the gateway over HTTP. An answer is parsed by its schema before anything sees it, and what goes wrong is a value:
// a code, a sentence for people, and the field at fault where there is one. Never throws.
import { ApiError, type ApiErrorCode, WRITE_HEADER } from '@tidewatch/schemas/api-error';
import { createContext } from 'svelte';
import type { z } from 'zod';

export interface ApiFault {
  /** `unreachable`: no answer came. `not_understood`: this page is of another build than the gateway. */
  readonly code: ApiErrorCode | 'unreachable' | 'not_understood';
  readonly message: string;
  readonly field?: string | undefined;
  /** Seconds to wait. */
  readonly retryAfter?: number | undefined;
}
export type ApiAnswer<T> =
  | { readonly isOk: true; readonly data: T }
  | { readonly isOk: false; readonly fault: ApiFault };
export type Query = Readonly<Record<string, string | number | undefined>>;

export interface Api {
  read<T>(schema: z.ZodType<T>, path: string, query?: Query): Promise<ApiAnswer<T>>;
  write<T>(
    schema: z.ZodType<T>,
    method: 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    path: string,
    body?: unknown,
  ): Promise<ApiAnswer<T>>;
}

export interface ApiOptions {
  readonly fetch: typeof fetch;
  /** The login is over: whoever asked gets the fault all the same. */
  readonly onSignedOut?: () => void;
}

export function createApi({ fetch, onSignedOut }: ApiOptions): Api {
  async function ask<T>(schema: z.ZodType<T>, path: string, init: RequestInit): Promise<ApiAnswer<T>> {
    const answer = await fetch(path, init).catch(() => null);
    if (answer === null)
      return failed('unreachable', 'The gateway did not answer. What you entered is kept: try again.');
    const body: unknown = await answer.json().catch(() => null);
    if (!answer.ok) {
      const read = ApiError.safeParse(body);
      const fault: ApiFault = read.success
        ? read.data.error
        : { code: 'unavailable', message: `The gateway answered ${answer.status}. Try again.` };
      if (fault.code === 'signed_out') onSignedOut?.();
      return { isOk: false, fault };
    }
    const read = schema.safeParse(body);
    if (!read.success) return failed('not_understood', 'The gateway is of another build than this page: reload it.');
    return { isOk: true, data: read.data };
  }

  return {
    read: (schema, path, query = {}) =>
      ask(schema, path + queryText(query), { headers: { accept: 'application/json' } }),
    write: (schema, method, path, body) =>
      ask(schema, path, {
        method,
        headers: { [WRITE_HEADER]: '1', ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
  };
}

function failed(code: ApiFault['code'], message: string): { isOk: false; fault: ApiFault } {
  return { isOk: false, fault: { code, message } };
}

export function queryText(query: Query): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) params.set(name, String(value));
  const text = params.toString();
  return text === '' ? '' : `?${text}`;
}

export const [getApi, setApi] = createContext<Api>();
