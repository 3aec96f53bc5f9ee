// Service tokens: GET/POST /api/tokens, POST /api/tokens/:id/rotate, DELETE /api/tokens/:id. The secret is shown once, in
// the answer that makes it; the gateway keeps a hash. Admins make any; others within what they may do themselves.
import { z } from 'zod';
import { Id } from './api-principal.ts';
import { Pattern } from './pattern.ts';
import { Right } from './right.ts';

export const TOKEN_PREFIX = 'tw_';
export const TOKEN_KINDS = ['service', 'screen'] as const;

export const Token = z.object({
  id: Id,
  name: z.string(),
  kind: z.enum(TOKEN_KINDS),
  /** First characters of the secret, to tell tokens apart. */
  prefix: z.string(),
  rights: z.array(Right),
  patterns: z.array(Pattern),
  by: z.string(),
  createdAt: z.number(),
  /** Epoch ms; null: no end. */
  expires: z.number().nullable(),
  lastUsed: z.number().nullable(),
  state: z.enum(['active', 'expired', 'revoked']),
  /** Id of the token that this one replaces, while both work. */
  replaces: Id.nullable(),
});
export type Token = z.infer<typeof Token>;
export const Tokens = z.object({ tokens: z.array(Token) });

export const CreateTokenBody = z.strictObject({
  name: z.string().min(1, 'name the token after the service that will use it').max(100),
  kind: z.enum(TOKEN_KINDS).default('service'),
  rights: z.array(Right).min(1, 'a token has at least one right').max(4),
  patterns: z.array(Pattern).min(1, 'say which topics, such as shop.**').max(20),
  /** Epoch ms; null: no end, which only admins may choose. */
  expires: z.number().int().nullable(),
});
export type CreateTokenBody = z.input<typeof CreateTokenBody>;
/** The old secret goes on for `overlapMs`, so that a service can be moved without a break. */
export const RotateTokenBody = z.strictObject({
  overlapMs: z
    .number()
    .int()
    .min(0)
    .max(30 * 86_400_000)
    .default(86_400_000),
});
export type RotateTokenBody = z.input<typeof RotateTokenBody>;
export const TokenWithSecret = z.object({ token: Token, secret: z.string() });
export type TokenWithSecret = z.infer<typeof TokenWithSecret>;
