// How fast one client may speak: a token bucket. What is beyond it is answered `too_fast` and not read; a client that
// goes on regardless is closed.

export const MESSAGES_A_SECOND = 50;
/** A dashboard opens all its topics and histories at once. */
export const MESSAGES_BURST = 400;
/** Refused in a row before the session is closed. */
export const REFUSED_MAX = 1_000;

export type MessageVerdict = 'read' | 'too_fast' | 'close';

export interface MessageLimit {
  /** Counts one message. `now` is monotonic ms. */
  take(now: number): MessageVerdict;
}

export function createMessageLimit(now: number): MessageLimit {
  let left = MESSAGES_BURST;
  let at = now;
  let refused = 0;
  return {
    take(now) {
      left = Math.min(MESSAGES_BURST, left + ((now - at) / 1_000) * MESSAGES_A_SECOND);
      at = now;
      if (left >= 1) {
        left -= 1;
        refused = 0;
        return 'read';
      }
      refused += 1;
      return refused > REFUSED_MAX ? 'close' : 'too_fast';
    },
  };
}
