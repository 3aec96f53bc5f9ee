// Who is asking, by cookie or `Authorization: Bearer`, for HTTP and sockets alike. A credential that was proven is kept
// under a lease, so that a busy page costs one look-up a minute and the database may be away for a while. Secrets are
// read from headers only, never from a path or a query.
import { TOKEN_PREFIX } from '@tidewatch/schemas/api-tokens';
import type { Gatekeeper } from './gatekeeper.ts';
import type { Lease, Leases } from './leases.ts';
import { hashSecret } from './password.ts';
import type { Credential, Principal } from './principal.ts';

export const LOGIN_COOKIE = 'tidewatch_login';

export interface RequestHeaders {
  readonly cookie?: string | undefined;
  readonly authorization?: string | undefined;
}

export interface CredentialLookup {
  findLogin(secretHash: Buffer): Promise<{ id: string; userId: string; ends: number } | undefined>;
  findToken(secretHash: Buffer): Promise<{ id: string; expires: number | null } | undefined>;
}

export interface Identified {
  readonly principal: Principal;
  readonly credential: Credential;
  /** Epoch ms when the login or token ends; null: no end. */
  readonly ends: number | null;
}

export interface Authenticator {
  /** For one request. null: nobody. Throws when it is not known here and the database is away. */
  identify(headers: RequestHeaders): Promise<Identified | null>;
  /** For a session: with a lease of its own, which the session releases. */
  admit(headers: RequestHeaders): Promise<{ principal: Principal; lease: Lease } | null>;
  stop(): void;
}

/** Proven credentials kept at once; beyond it the one proven longest ago is asked for again. */
export const PROVEN_MAX = 20_000;
const SECRET_MAX_CHARS = 200;

interface Proven {
  readonly lease: Lease;
  readonly ends: number | null;
}

export function createAuthenticator(options: {
  gatekeeper: Pick<Gatekeeper, 'principal' | 'now'>;
  leases: Leases;
  lookup: CredentialLookup;
}): Authenticator {
  const { gatekeeper, leases, lookup } = options;
  const proven = new Map<string, Proven>();

  function keep(key: string, credential: Credential, principalId: string, ends: number | null): Proven {
    const oldest = proven.size >= PROVEN_MAX ? proven.keys().next().value : undefined;
    if (oldest !== undefined) {
      proven.get(oldest)?.lease.release();
      proven.delete(oldest);
    }
    proven.get(key)?.lease.release();
    const entry = { lease: leases.take(credential, principalId), ends };
    proven.set(key, entry);
    entry.lease.onLost(() => {
      if (proven.get(key) === entry) proven.delete(key);
    });
    return entry;
  }

  async function prove(headers: RequestHeaders): Promise<Proven | null> {
    const secret = secretOf(headers);
    if (secret === null) return null;
    const hash = hashSecret(secret.text);
    const key = `${secret.kind} ${hash.toString('base64')}`;
    const known = proven.get(key);
    if (known?.lease.isHeld()) return known;
    if (secret.kind === 'login') {
      const login = await lookup.findLogin(hash);
      return login ? keep(key, { kind: 'login', id: login.id }, login.userId, login.ends) : null;
    }
    const token = await lookup.findToken(hash);
    return token ? keep(key, { kind: 'token', id: token.id }, token.id, token.expires) : null;
  }

  async function identify(headers: RequestHeaders): Promise<Identified | null> {
    const entry = await prove(headers);
    if (!entry || (entry.ends !== null && entry.ends <= gatekeeper.now())) return null;
    const principal = gatekeeper.principal(entry.lease.principalId);
    if (!principal || principal.state === 'disabled') return null;
    return { principal, credential: entry.lease.credential, ends: entry.ends };
  }

  return {
    identify,
    async admit(headers) {
      const found = await identify(headers);
      return found ? { principal: found.principal, lease: leases.take(found.credential, found.principal.id) } : null;
    },
    stop() {
      for (const { lease } of proven.values()) lease.release();
      proven.clear();
    },
  };
}

/** A bearer token wins over a cookie: who sends one means it. */
function secretOf({ authorization, cookie }: RequestHeaders): { kind: 'login' | 'token'; text: string } | null {
  if (authorization !== undefined) {
    const text = /^Bearer +(\S+) *$/i.exec(authorization)?.[1];
    return text === undefined || text.length > SECRET_MAX_CHARS ? null : { kind: 'token', text };
  }
  const text = loginSecret(cookie);
  if (text === null) return null;
  // A screen carries its token in the cookie.
  return { kind: text.startsWith(TOKEN_PREFIX) ? 'token' : 'login', text };
}

/** The secret of the login cookie in a Cookie header. */
export function loginSecret(cookie: string | undefined): string | null {
  for (const part of cookie?.split(';') ?? []) {
    const at = part.indexOf('=');
    if (part.slice(0, at).trim() !== LOGIN_COOKIE) continue;
    const text = part.slice(at + 1).trim();
    return text === '' || text.length > SECRET_MAX_CHARS ? null : text;
  }
  return null;
}
