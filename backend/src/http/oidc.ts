// Signing in through a provider: out with state, nonce and PKCE in a short-lived cookie, back with a code. What goes wrong
// sends the browser to the sign-in page with a word for it; what was wrong is logged.
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { ApiContext } from './api-context.ts';
import { notFound } from './api-fault.ts';
import { OIDC_CALLBACK, OIDC_PATH, Trip } from './oidc-provider.ts';
import { openLogin } from './sign-in.ts';

const TRIP_COOKIE = 'tidewatch_trip';
const TRIP_S = 600;

const TripText = z.string().transform((text, ctx): Trip => {
  try {
    return Trip.parse(JSON.parse(Buffer.from(text, 'base64url').toString()));
  } catch {
    ctx.addIssue({ code: 'custom', message: 'is no trip' });
    return z.NEVER;
  }
});

export const oidc: FastifyPluginAsyncZod<ApiContext> = async (server, { store, provider = null }) => {
  const open = { config: { audience: 'public' } } as const;

  server.get(
    OIDC_PATH,
    { ...open, schema: { querystring: z.object({ next: z.string().max(2_000).optional() }) } },
    async (request, reply) => {
      if (!provider) throw notFound('provider');
      try {
        const { url, trip } = await provider.leave(ownPath(request.query.next));
        const text = Buffer.from(JSON.stringify(trip)).toString('base64url');
        // Lax, because the provider sends the browser back from another site.
        reply.setCookie(TRIP_COOKIE, text, { ...tripCookie(request.protocol), maxAge: TRIP_S });
        return reply.redirect(url.href, 303);
      } catch (error) {
        request.log.warn({ err: error }, 'the sign-in provider does not answer');
        return reply.redirect('/login?problem=provider', 303);
      }
    },
  );

  server.get(OIDC_CALLBACK, open, async (request, reply) => {
    if (!provider) throw notFound('provider');
    const trip = TripText.safeParse(request.cookies[TRIP_COOKIE]);
    reply.clearCookie(TRIP_COOKIE, tripCookie(request.protocol));
    if (!trip.success) return reply.redirect('/login?problem=expired', 303);
    const claims = await provider.comeBack(new URL(request.url, provider.publicUrl), trip.data).catch((error) => {
      request.log.warn({ err: error }, 'signing in through the provider failed');
      return undefined;
    });
    if (!claims) {
      const nobody = { kind: 'nobody', id: null, name: provider.label, address: request.ip };
      await store.audit.note(nobody, { action: 'sign_in_failed', object: 'logins', note: 'provider' });
      return reply.redirect('/login?problem=refused', 303);
    }
    const person = await store.claimedPeople.signedIn(claims, request.ip);
    if (person === 'disabled') return reply.redirect('/login?problem=disabled', 303);
    await openLogin(store, request, reply, { userId: person.id, name: person.name });
    return reply.redirect(ownPath(trip.data.next), 303);
  });
};

function tripCookie(protocol: string) {
  return { path: OIDC_PATH, httpOnly: true, sameSite: 'lax', secure: protocol === 'https' } as const;
}

/** A path of ours, and nothing that a browser could read as an address of somebody else. */
export function ownPath(next: string | undefined): string {
  return next !== undefined && /^\/(?![/\\])[^\\\r\n\t]*$/.test(next) ? next : '/';
}
