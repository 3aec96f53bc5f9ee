// A gatekeeper whose rules a test sets by hand, over the real decide().
import type { Right } from '@tidewatch/schemas/right';
import type { Scope } from '@tidewatch/schemas/scope';
import { type Decision, decide } from '../../src/access/decide.ts';
import type { Principal, Rule } from '../../src/access/principal.ts';

export interface StubGatekeeper {
  decide(principalId: string, action: Right, topic: string): Decision;
  owner(topic: string): { owner: string; groupId: null; isSensitive: boolean; pattern: null };
  grant(principalId: string, pattern: string, options?: { rights?: Right[]; scope?: Scope; until?: number }): void;
  revoke(principalId: string, pattern?: string): void;
}

export function createStubGatekeeper(now: () => number): StubGatekeeper {
  const rules = new Map<string, Rule[]>();
  return {
    decide(principalId, action, topic) {
      return decide(principalOf(principalId, rules.get(principalId) ?? []), action, topic, now());
    },
    owner: () => ({ owner: 'shop-team', groupId: null, isSensitive: false, pattern: null }),
    grant(principalId, pattern, { rights = ['subscribe', 'history'] as Right[], scope = 'all', until } = {}) {
      const labels = scope === 'all' ? [null] : scope;
      const added = labels.map(
        (filter): Rule => ({
          grant: null,
          pattern,
          rights,
          labels: filter,
          until: until ?? null,
          via: { kind: 'direct' },
          by: 'admin',
          reason: '',
        }),
      );
      rules.set(principalId, [...(rules.get(principalId) ?? []), ...added]);
    },
    revoke(principalId, pattern) {
      const kept = (rules.get(principalId) ?? []).filter((rule) => pattern !== undefined && rule.pattern !== pattern);
      rules.set(principalId, kept);
    },
  };
}

function principalOf(id: string, rules: readonly Rule[]): Principal {
  return {
    kind: 'person',
    id,
    name: id,
    displayName: id,
    email: null,
    role: 'viewer',
    state: 'active',
    groups: [],
    rules,
    onBehalfOf: null,
    expires: null,
  };
}
