// The policy changed: every open subscription of a session is asked again. What is refused ends on the spot, and
// nothing more of it is written: what is queued is dropped, and a client that has much in flight is cut off, because
// what the kernel holds can only be taken back with the line.
import type { RefusalReason } from '@tidewatch/schemas/api-access';
import { selectionKey } from '@tidewatch/schemas/scope';
import { decideOn, ownerOf, sayBegin } from './answer.ts';
import type { Session } from './session.ts';

/** Untaken bytes at a revoke beyond which the line is reset. */
export const RESET_IN_FLIGHT_BYTES = 64 * 1024;

const REVOKED = {
  no_rule: 'grant_removed',
  grant_ended: 'grant_ended',
  not_active: 'disabled',
  signed_out: 'disabled',
  policy_too_old: 'unavailable',
} as const satisfies Record<RefusalReason, string>;

/** Returns how many subscriptions ended. */
export function recheckPolicy(session: Session, policyVersion: number): number {
  let revoked = 0;
  let isNarrowed = false;
  for (const subscription of [...session.subscriptions.values()]) {
    const { topic, rate, selection } = subscription.wanted;
    const decision = decideOn(session, 'subscribe', topic);
    if (!decision.allow) {
      session.end(subscription);
      session.say({ type: 'revoked', topic, reason: REVOKED[decision.reason], owner: ownerOf(session, topic) });
      revoked += 1;
      continue;
    }
    const next = { scope: decision.scope, metrics: selection.metrics };
    if (selectionKey(next) === selectionKey(selection)) continue;
    // Another scope is another stream: what is queued of the old one may show what is no longer allowed.
    session.outbox.drop(topic);
    subscription.wanted = { topic, rate, selection: next };
    sayBegin(session, 0, subscription, subscription.join(undefined));
    isNarrowed = true;
  }
  session.topicWatch?.forget();
  if ((revoked > 0 || isNarrowed) && session.mustReset(RESET_IN_FLIGHT_BYTES)) {
    session.close('reset');
    return revoked;
  }
  session.say({ type: 'access_changed', version: policyVersion });
  session.flush();
  return revoked;
}
