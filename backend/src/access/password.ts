// Passwords and secrets. Passwords: argon2id, 19 MiB, two passes; a check against nobody costs the same as one against
// somebody. Secrets of logins and tokens are 256 random bits, so a plain hash of them is enough to store.
import { createHash, randomBytes } from 'node:crypto';
import { hash, verify } from '@node-rs/argon2';

const ARGON = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;
/** Checks at once: each takes 19 MB and a thread. The rest wait their turn. */
const CHECKS_MAX = 4;
/** Checks that may wait; beyond it sign-in answers that it is busy. */
export const CHECKS_WAITING_MAX = 200;

export interface Passwords {
  hash(password: string): Promise<string>;
  /** `null`: there is no such person, or they have no password. Takes as long as any other. `busy`: too many wait. */
  check(hashed: string | null, password: string): Promise<boolean | 'busy'>;
}

export function createPasswords(): Passwords {
  const nobody = hash(randomBytes(16).toString('base64'), ARGON);
  const waiting: (() => void)[] = [];
  let running = 0;

  return {
    hash: (password) => hash(password, ARGON),
    async check(hashed, password) {
      if (running >= CHECKS_MAX) {
        if (waiting.length >= CHECKS_WAITING_MAX) return 'busy';
        await new Promise<void>((go) => waiting.push(go));
      }
      running++;
      try {
        const isRight = await verify(hashed ?? (await nobody), password);
        return isRight && hashed !== null;
      } finally {
        running--;
        waiting.shift()?.();
      }
    },
  };
}

export const newSecret = (): string => randomBytes(32).toString('base64url');
export const hashSecret = (secret: string): Buffer => createHash('sha256').update(secret).digest();

/** For a person to type once: 80 bits, without letters that look alike. */
export function newOneTimePassword(): string {
  const letters = 'abcdefghjkmnpqrstuvwxyz23456789';
  const groups = Array.from({ length: 4 }, () =>
    Array.from(randomBytes(4), (byte) => letters[byte % letters.length]).join(''),
  );
  return groups.join('-');
}
