// Signing in and out, and changing the own password. The login itself is an HttpOnly cookie that no script sees.
import { z } from 'zod';
import { Role } from './role.ts';

export const PASSWORD_MIN_CHARS = 10;
export const PASSWORD_MAX_CHARS = 200;

export const Password = z
  .string()
  .min(PASSWORD_MIN_CHARS, `a password has at least ${PASSWORD_MIN_CHARS} characters`)
  .max(PASSWORD_MAX_CHARS, `a password has at most ${PASSWORD_MAX_CHARS} characters`);

/** GET /api/sign-in: what the sign-in page offers. `demo` is empty outside a demo. */
export const SignInOffer = z.object({
  demo: z.array(z.object({ name: z.string(), password: z.string(), role: Role, about: z.string() })),
  /** Sign-in through a provider: a link, /api/sign-in/oidc?next=/topics, and what to write on it. */
  providers: z.array(z.object({ id: z.string(), label: z.string(), href: z.string() })),
});
export type SignInOffer = z.infer<typeof SignInOffer>;

/** POST /api/sign-in, answered with Me and a cookie. `name` is a user name or an e-mail address. */
export const SignInBody = z.strictObject({
  name: z.string().min(1, 'say who you are: user name or e-mail').max(200),
  password: z.string().min(1, 'the password is missing').max(PASSWORD_MAX_CHARS),
});
export type SignInBody = z.infer<typeof SignInBody>;

/** POST /api/sign-in/screen: a screen token, from behind the # of the kiosk's address, becomes an HttpOnly cookie. */
export const ScreenBody = z.strictObject({ token: z.string().min(1).max(PASSWORD_MAX_CHARS) });
export type ScreenBody = z.infer<typeof ScreenBody>;

/** POST /api/me/password. Other logins of the person end; the one that asks goes on. */
export const ChangePasswordBody = z.strictObject({
  current: z.string().min(1, 'the current password is missing').max(PASSWORD_MAX_CHARS),
  next: Password,
});
export type ChangePasswordBody = z.infer<typeof ChangePasswordBody>;
