// Live sessions of every gateway: GET /api/sessions, POST /api/sessions/:id/kick, POST /api/users/:id/kick (all of a
// person), POST /api/grants/:id/kick (all that a grant lets in). Admins only.
import { z } from 'zod';
import { PrincipalRef } from './api-principal.ts';

export const LiveSession = z.object({
  id: z.string(),
  gateway: z.string(),
  principal: PrincipalRef,
  address: z.string(),
  userAgent: z.string(),
  /** Epoch ms. */
  since: z.number(),
  topics: z.array(z.string()),
  framesPerSecond: z.number(),
  bytesPerSecond: z.number(),
  inFlightBytes: z.number(),
  mergedTicks: z.number(),
  /** Epoch ms of the gateway's last word on it. Over 6 s old: the gateway may be gone. */
  seen: z.number(),
  /** `kicked`: closed by an admin, and kept in the list for half a minute so that the row says so. */
  state: z.enum(['open', 'kicked', 'unknown']),
});
export type LiveSession = z.infer<typeof LiveSession>;
export const LiveSessions = z.object({ sessions: z.array(LiveSession), gateways: z.number(), at: z.number() });
export type LiveSessions = z.infer<typeof LiveSessions>;

export const KickBody = z.strictObject({ reason: z.string().max(500).default('') });
export type KickBody = z.input<typeof KickBody>;
/** `asked`: sessions told to close; a gateway does it within a quarter of a second. */
export const Kicked = z.object({ asked: z.number() });
export const SessionParams = z.object({ id: z.string().min(1).max(64) });
