// A gateway for component tests: answers by method and path, and keeps what was asked.
import { type Api, createApi } from '#lib/auth/api-client.ts';

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
}
export interface FakeAnswer {
  readonly status?: number;
  readonly body: unknown;
}

export function fakeApi(answers: Readonly<Record<string, (asked: Asked) => FakeAnswer>>): { api: Api; asked: Asked[] } {
  const asked: Asked[] = [];
  const api = createApi({
    fetch: async (input, init) => {
      const path = String(input);
      const method = init?.method ?? 'GET';
      const body = typeof init?.body === 'string' ? JSON.parse(init.body) : undefined;
      const one = { method, path, body };
      asked.push(one);
      const answer = answers[`${method} ${path.split('?')[0]}`]?.(one) ?? {
        status: 404,
        body: { error: { code: 'not_found', message: `Nothing at ${method} ${path}` } },
      };
      return new Response(JSON.stringify(answer.body), { status: answer.status ?? 200 });
    },
  });
  return { api, asked };
}
