// Wrong passwords by the name that was typed, whether or not there is such a person: an answer must not tell. After a
// few the name is locked for a second, then two, four, up to a quarter of an hour; a right password clears it.
import type { Database } from './database.ts';

/** Wrong passwords that cost nothing but the wait for the hash. */
export const FAILURES_FREE = 5;
export const LOCK_MAX_S = 900;
/** Failures are forgotten after this long without another. */
const FORGET = "interval '1 day'";
const NAME_MAX_CHARS = 200;

export type SignInFailures = ReturnType<typeof createSignInFailures>;

export function createSignInFailures({ pool }: Database) {
  const keyOf = (name: string): string => name.trim().toLowerCase().slice(0, NAME_MAX_CHARS);
  return {
    /** Seconds until this name may try again; 0: now. */
    async lockedFor(name: string): Promise<number> {
      const { rows } = await pool.query<{ seconds: number }>(
        `select ceil(extract(epoch from locked_until - clock_timestamp()))::int as seconds
        from sign_in_failures where name = $1 and locked_until > clock_timestamp()`,
        [keyOf(name)],
      );
      return Math.max(0, rows[0]?.seconds ?? 0);
    },
    async failed(name: string): Promise<void> {
      await pool.query(
        `insert into sign_in_failures as f (name, failures, last_at) values ($1, 1, clock_timestamp())
        on conflict (name) do update set
          failures = case when f.last_at < clock_timestamp() - ${FORGET} then 1 else f.failures + 1 end,
          last_at = clock_timestamp(),
          locked_until = case when f.last_at >= clock_timestamp() - ${FORGET} and f.failures + 1 >= $2
            then clock_timestamp() + make_interval(secs => least($3, power(2, least(f.failures + 1 - $2, 20)))) end`,
        [keyOf(name), FAILURES_FREE, LOCK_MAX_S],
      );
    },
    async cleared(name: string): Promise<void> {
      await pool.query('delete from sign_in_failures where name = $1', [keyOf(name)]);
    },
    async prune(): Promise<void> {
      await pool.query(`delete from sign_in_failures where last_at < now() - ${FORGET}`);
    },
  };
}
