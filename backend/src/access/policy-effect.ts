// What a change of policy does to people: the topics that each would lose, gain, or see differently. decide() on both.
import type { PolicyEffect } from '@tidewatch/schemas/api-policy';
import { topicRights } from './effective-access.ts';
import type { Policy } from './policy.ts';
import type { Principal } from './principal.ts';

/** Only those whom it touches, most losses first. */
export function policyEffects(before: Policy, after: Policy, topics: readonly string[], now: number): PolicyEffect[] {
  const effects: PolicyEffect[] = [];
  for (const [id, principal] of before.principals) {
    const next = after.principals.get(id);
    const found = { lost: [] as string[], gained: [] as string[], changed: [] as string[] };
    for (const topic of topics) {
      const [had, has] = [sightOf(principal, topic, now), next ? sightOf(next, topic, now) : null];
      if (had === has) continue;
      if (has === null) found.lost.push(topic);
      else if (had === null) found.gained.push(topic);
      else found.changed.push(topic);
    }
    if (found.lost.length + found.gained.length + found.changed.length === 0) continue;
    const { kind, name } = principal;
    effects.push({ principal: { kind, id, name }, ...found, text: inWords(name, found) });
  }
  return effects.sort((a, b) => b.lost.length - a.lost.length || (a.principal.name < b.principal.name ? -1 : 1));
}

/** Equal texts: the same rights on the same series. null: none. */
function sightOf(principal: Principal, topic: string, now: number): string | null {
  if (principal.state === 'disabled') return null;
  const found = topicRights(principal, topic, now);
  return found && JSON.stringify([found.rights, found.scope]);
}

function inWords(name: string, { lost, gained, changed }: Pick<PolicyEffect, 'lost' | 'gained' | 'changed'>): string {
  const topics = (list: readonly string[]) => `${list.length} ${list.length === 1 ? 'topic' : 'topics'}`;
  const parts: string[] = [];
  if (lost.length > 0) parts.push(`removes ${name} from ${topics(lost)}`);
  if (gained.length > 0) parts.push(`lets ${name} see ${topics(gained)} more`);
  if (changed.length > 0) parts.push(`changes what ${name} may do on ${topics(changed)}`);
  return parts.join(', ');
}
