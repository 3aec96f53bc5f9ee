// What the load needs of access: tokens for its clients, one of them with a grant that is revoked while it runs, all
// taken back at the end. Signs in as TIDEWATCH_ADMIN (name:password), else as the demo's admin.
import type { TokenWithSecret } from '@tidewatch/schemas/api-tokens';

/** CONNECTIONS_PER_PRINCIPAL_MAX of a gateway that is not set otherwise. */
export const CLIENTS_A_TOKEN = 200;

export interface LoadAccess {
  /** Names of topics that there are. */
  topics(): Promise<string[]>;
  /** A token that reads these topics. */
  token(topics: readonly string[]): Promise<{ id: string; secret: string }>;
  /** Grants more to a token; what comes back takes it away again. */
  grant(tokenId: string, topics: readonly string[]): Promise<() => Promise<void>>;
  /** Takes back every token. */
  stop(): Promise<void>;
}

export async function createLoadAccess(url: string): Promise<LoadAccess> {
  const [name = 'admin', password = 'admin'] = (process.env.TIDEWATCH_ADMIN ?? 'admin:admin').split(':');
  const origin = new URL(url).origin;
  let cookie = '';
  const made: string[] = [];

  async function ask<Answer>(method: string, path: string, body?: object): Promise<Answer> {
    const headers = {
      origin,
      cookie,
      'x-tidewatch': 'load',
      ...(body !== undefined && { 'content-type': 'application/json' }),
    };
    const answer = await fetch(new URL(path, url), { method, headers, ...(body && { body: JSON.stringify(body) }) });
    cookie = answer.headers.getSetCookie()[0]?.split(';')[0] ?? cookie;
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return JSON.parse(text) as Answer;
  }

  await ask('POST', '/api/sign-in', { name, password });
  return {
    topics: async () =>
      (await ask<{ topics: { topic: string }[] }>('GET', '/api/topics')).topics.map((row) => row.topic),
    async token(topics) {
      const body = {
        name: `load ${made.length + 1}`,
        rights: ['subscribe'],
        patterns: topics,
        expires: Date.now() + 3_600_000,
      };
      const { token, secret } = await ask<TokenWithSecret>('POST', '/api/tokens', body);
      made.push(token.id);
      return { id: token.id, secret };
    },
    async grant(tokenId, topics) {
      const who = [{ kind: 'token', id: tokenId }];
      const rest = { rights: ['subscribe'], until: Date.now() + 3_600_000, reason: 'npm run load' };
      const { grants } = await ask<{ grants: { id: string }[] }>('POST', '/api/grants', {
        who,
        patterns: topics,
        ...rest,
      });
      return async () => {
        for (const { id } of grants) await ask('DELETE', `/api/grants/${id}`);
      };
    },
    async stop() {
      for (const id of made) await ask('DELETE', `/api/tokens/${id}`);
    },
  };
}
