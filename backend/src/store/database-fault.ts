// What a failed query means, as a value: the database is away, or it refused for a reason that somebody can mend.

export type DatabaseFault =
  | { readonly kind: 'away' }
  | { readonly kind: 'taken'; readonly constraint: string }
  | { readonly kind: 'in_use'; readonly constraint: string }
  | { readonly kind: 'missing'; readonly constraint: string }
  | { readonly kind: 'invalid'; readonly constraint: string }
  | { readonly kind: 'last_admin' };

const AWAY_CODES = /^(ECONN|ETIMEDOUT|EPIPE|ENOTFOUND|EHOSTUNREACH|EAI_AGAIN|08|57P0|53300)/;
const AWAY_WORDS = /Connection terminated|timeout|connection ended|not queryable|Client was closed/i;

/** undefined: not a fault that a database is known to have; a surprise. */
export function databaseFault(error: unknown): DatabaseFault | undefined {
  for (let at = error; at instanceof Error; at = at.cause) {
    const { code = '', constraint = '', detail = '' } = at as { code?: string; constraint?: string; detail?: string };
    if (code === 'TW001') return { kind: 'last_admin' };
    if (code === '23505') return { kind: 'taken', constraint };
    if (code === '23503') return { kind: detail.includes('still referenced') ? 'in_use' : 'missing', constraint };
    if (code === '23514') return { kind: 'invalid', constraint };
    if (AWAY_CODES.test(code)) return { kind: 'away' };
    if (code === '' && at.cause === undefined && AWAY_WORDS.test(at.message)) return { kind: 'away' };
    // Several addresses of one name failed, each with its own code.
    if (at instanceof AggregateError && at.errors.some((one) => AWAY_CODES.test((one as { code?: string }).code ?? '')))
      return { kind: 'away' };
  }
  return undefined;
}
