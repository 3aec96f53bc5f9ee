// An OpenID Connect provider that people sign in with: found when first needed, so that the gateway starts without it.

import * as client from 'openid-client';
import { z } from 'zod';
import type { Claims } from '../store/claimed-people.ts';

export const OIDC_PATH = '/api/sign-in/oidc';
export const OIDC_CALLBACK = `${OIDC_PATH}/callback`;

export interface ProviderOptions {
  /** https, or http on loopback for trying out. */
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Written on the button. */
  readonly label: string;
  /** The claim that lists group names. */
  readonly groupsClaim: string;
  /** Where people reach this gateway: https://tidewatch.example.org */
  readonly publicUrl: string;
}

/** What the browser keeps between leaving and coming back. */
export const Trip = z.object({ state: z.string(), nonce: z.string(), verifier: z.string(), next: z.string() });
export type Trip = z.infer<typeof Trip>;

export interface Provider {
  readonly label: string;
  readonly publicUrl: string;
  leave(next: string): Promise<{ url: URL; trip: Trip }>;
  /** Throws where the answer of the provider is not for this trip, or not signed by it. */
  comeBack(url: URL, trip: Trip): Promise<Claims>;
}

const TIMEOUT_S = 10;
const NAME_MAX_CHARS = 60;
const GROUPS_MAX = 200;

export function createProvider(options: ProviderOptions): Provider {
  const { issuer, clientId, clientSecret, label, groupsClaim, publicUrl } = options;
  const redirectUri = new URL(OIDC_CALLBACK, publicUrl).href;
  const issuerUrl = new URL(issuer);
  const isLoopback =
    issuerUrl.protocol === 'http:' && /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(issuerUrl.hostname);
  let found: Promise<client.Configuration> | undefined;

  function configuration(): Promise<client.Configuration> {
    found ??= client
      .discovery(issuerUrl, clientId, clientSecret, undefined, {
        timeout: TIMEOUT_S,
        ...(isLoopback ? { execute: [client.allowInsecureRequests] } : {}),
      })
      .catch((error) => {
        // Not there now: the next sign-in looks again.
        found = undefined;
        throw error;
      });
    return found;
  }

  return {
    label,
    publicUrl,
    async leave(next) {
      const config = await configuration();
      const trip = {
        state: client.randomState(),
        nonce: client.randomNonce(),
        verifier: client.randomPKCECodeVerifier(),
        next,
      };
      const url = client.buildAuthorizationUrl(config, {
        redirect_uri: redirectUri,
        scope: 'openid profile email groups',
        code_challenge: await client.calculatePKCECodeChallenge(trip.verifier),
        code_challenge_method: 'S256',
        state: trip.state,
        nonce: trip.nonce,
      });
      return { url, trip };
    },
    async comeBack(url, trip) {
      const config = await configuration();
      const tokens = await client.authorizationCodeGrant(config, url, {
        pkceCodeVerifier: trip.verifier,
        expectedState: trip.state,
        expectedNonce: trip.nonce,
        idTokenExpected: true,
      });
      const token = tokens.claims();
      if (!token) throw new Error('The provider sent no ID token.');
      const hasInfo = config.serverMetadata().userinfo_endpoint !== undefined;
      const info = hasInfo ? await client.fetchUserInfo(config, tokens.access_token, token.sub) : {};
      return claimsOf({ ...token, ...info }, `${token.iss} ${token.sub}`, groupsClaim);
    },
  };
}

function claimsOf(said: Readonly<Record<string, unknown>>, identity: string, groupsClaim: string): Claims {
  const text = (name: string): string => (typeof said[name] === 'string' ? (said[name] as string).trim() : '');
  const email = text('email');
  const wanted = text('preferred_username') || email.split('@')[0] || text('sub');
  const name = wanted
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/^[^a-z0-9]+/, '')
    .slice(0, NAME_MAX_CHARS);
  const groups = said[groupsClaim];
  return {
    identity,
    name: name === '' ? 'person' : name,
    displayName: text('name').slice(0, 200),
    // Only an address that the provider has proven is theirs.
    email: email !== '' && said.email_verified === true ? email : null,
    groups: Array.isArray(groups) ? groups.filter((group) => typeof group === 'string').slice(0, GROUPS_MAX) : [],
  };
}
