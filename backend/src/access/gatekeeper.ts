// The policy that holds now. Answers by principal id from the last known policy; says whose access changed and when the
// next grant ends. Without a word from the database for staleMaxMs it refuses everything, by name, until it is back.
//
//   unknown --adopt--> current --staleMaxMs without confirm--> too_old --confirm or adopt--> current
import type { RefusalReason } from '@tidewatch/schemas/api-access';
import type { Right } from '@tidewatch/schemas/right';
import type { Clock, Timer } from '../clock.ts';
import { type Decision, decide } from './decide.ts';
import type { TopicOwner } from './owners.ts';
import { changedPrincipals, compilePolicy, EMPTY_POLICY, type Policy, type PolicyRows } from './policy.ts';
import type { Principal } from './principal.ts';

export interface PolicyChange {
  readonly version: number;
  readonly why: 'policy' | 'grant_ended' | 'too_old' | 'back';
  /** Whose access may have changed; `all` where the policy as a whole came or went. */
  readonly principalIds: ReadonlySet<string> | 'all';
  /** Names of owners or their patterns changed: what is said of topics, not who may see them. */
  readonly areOwnersChanged: boolean;
}

export interface Gatekeeper {
  principal(id: string): Principal | undefined;
  /** Of this principal now: unknown ones are refused, and so is everybody while the policy is too old. */
  decide(principalId: string, action: Right, topic: string): Decision;
  owner(topic: string): TopicOwner;
  policy(): Policy;
  state(): 'unknown' | 'current' | 'too_old';
  /** ms since the database last confirmed the policy; Infinity before the first time. */
  ageMs(): number;
  /** The time that grants end by: the database's, so that every gateway ends them at once. */
  now(): number;
  /** The database's clock less this machine's, where they differ. */
  skewMs(): number;
  /** Epoch ms of the next end of a grant or token of this principal; null: none. */
  nextEnd(principalId: string): number | null;
  onChanged(listener: (change: PolicyChange) => void): () => void;
  /** A policy was read. The newest reading holds, also where its version is lower: a database may be restored. */
  adopt(rows: PolicyRows): void;
  /** The database was asked and knows no newer version. `skewMs`: its clock less this machine's. */
  confirm(skewMs: number): void;
  stop(): void;
}

/** Timers cannot wait longer than 24.8 days; a grant that ends later is looked at again. */
const TIMER_MAX_MS = 3_600_000;
/** Below this, a difference of clocks is the way to the database and back. */
const SKEW_MIN_MS = 100;

export function createGatekeeper(options: { clock: Clock; staleMaxMs: number }): Gatekeeper {
  const { clock, staleMaxMs } = options;
  const listeners = new Set<(change: PolicyChange) => void>();
  let policy: Policy = EMPTY_POLICY;
  let confirmedAt = Number.NEGATIVE_INFINITY;
  let skewMs = 0;
  let wasTooOld = false;
  /** Ends up to here have been told. Moves only when they are, so that no reload swallows one. */
  let toldUntil = clock.now();
  let endTimer: Timer | undefined;
  let staleTimer: Timer | undefined;

  const now = (): number => clock.now() + skewMs;
  const ageMs = (): number => clock.monotonic() - confirmedAt;
  const state = (): 'unknown' | 'current' | 'too_old' => {
    if (policy === EMPTY_POLICY) return 'unknown';
    return ageMs() < staleMaxMs ? 'current' : 'too_old';
  };
  const tell = (
    why: PolicyChange['why'],
    principalIds: PolicyChange['principalIds'],
    areOwnersChanged = false,
  ): void => {
    for (const listener of [...listeners]) listener({ version: policy.version, why, principalIds, areOwnersChanged });
  };

  function confirmed(): void {
    confirmedAt = clock.monotonic();
    staleTimer?.stop();
    staleTimer = clock.after(staleMaxMs, () => {
      wasTooOld = true;
      tell('too_old', 'all');
    });
    if (!wasTooOld) return;
    wasTooOld = false;
    tell('back', 'all');
  }

  function nextEnd(principal: Principal, after: number): number | null {
    let next: number | null = null;
    const consider = (end: number | null): void => {
      if (end !== null && end > after && (next === null || end < next)) next = end;
    };
    for (const rule of principal.rules) consider(rule.until);
    consider(principal.expires);
    if (principal.onBehalfOf) consider(nextEnd(principal.onBehalfOf, after));
    return next;
  }

  function waitForEnd(): void {
    endTimer?.stop();
    endTimer = undefined;
    let next = Number.POSITIVE_INFINITY;
    for (const principal of policy.principals.values()) next = Math.min(next, nextEnd(principal, toldUntil) ?? next);
    if (next === Number.POSITIVE_INFINITY) return;
    endTimer = clock.after(Math.min(TIMER_MAX_MS, Math.max(1, next - now())), tellEnds);
  }

  function tellEnds(): void {
    const at = now();
    const ended = new Set<string>();
    for (const [id, principal] of policy.principals) {
      const end = nextEnd(principal, toldUntil);
      if (end !== null && end <= at) ended.add(id);
    }
    if (ended.size > 0) toldUntil = at;
    waitForEnd();
    if (ended.size > 0) tell('grant_ended', ended);
  }

  return {
    principal: (id) => policy.principals.get(id),
    decide(principalId, action, topic) {
      const refuse = (reason: RefusalReason): Decision => ({ allow: false, reason, path: [] });
      if (state() !== 'current') return refuse('policy_too_old');
      const principal = policy.principals.get(principalId);
      return principal ? decide(principal, action, topic, now()) : refuse('not_active');
    },
    owner: (topic) => policy.owners.of(topic),
    policy: () => policy,
    state,
    ageMs,
    now,
    skewMs: () => skewMs,
    nextEnd(principalId) {
      const principal = policy.principals.get(principalId);
      return principal ? nextEnd(principal, now()) : null;
    },
    onChanged(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    adopt(rows) {
      const before = policy;
      policy = compilePolicy(rows);
      const changed = changedPrincipals(before, policy);
      const areOwnersChanged = JSON.stringify(before.owners.rows) !== JSON.stringify(policy.owners.rows);
      waitForEnd();
      confirmed();
      if (changed.size > 0 || areOwnersChanged) tell('policy', changed, areOwnersChanged);
    },
    confirm(skew) {
      // A clock that moved moves the ends with it.
      if (Math.abs(skew - skewMs) > SKEW_MIN_MS) {
        skewMs = skew;
        toldUntil = Math.min(toldUntil, now());
        waitForEnd();
      }
      if (policy !== EMPTY_POLICY) confirmed();
    },
    stop() {
      endTimer?.stop();
      staleTimer?.stop();
      listeners.clear();
    },
  };
}
