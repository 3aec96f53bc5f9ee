// What somebody can see and why, arranged for the page: rules under where they come from, with what each matches now, or
// topics with the rules that decide each. Filtered by text.
import type { AccessRule, EffectiveAccess, EffectiveTopic } from '@tidewatch/schemas/api-access';
import { viaHeading } from './rule-words.ts';

export interface RuleRow {
  readonly rule: AccessRule;
  readonly matches: number;
  /** Where else the same topics come from: "also Ops", "2 also direct". */
  readonly also: string;
}
export interface RuleGroup {
  readonly heading: string;
  readonly rows: readonly RuleRow[];
}

const ORDER = ['direct', 'group', 'role', 'token'] as const;

export function ruleGroups(access: EffectiveAccess, text = ''): RuleGroup[] {
  const byHeading = new Map<string, RuleRow[]>();
  const inOrder = access.rules
    .map((rule, at) => ({ rule, at }))
    .sort((a, b) => ORDER.indexOf(a.rule.via.kind) - ORDER.indexOf(b.rule.via.kind));
  for (const { rule, at } of inOrder) {
    const topics = access.topics.filter((topic) => topic.rules.includes(at));
    const heading = viaHeading(rule);
    const words = [rule.pattern, heading, rule.reason, ...rule.rights, ...topics.map((topic) => topic.topic)].join(' ');
    if (!words.toLowerCase().includes(text.trim().toLowerCase())) continue;
    const rows = byHeading.get(heading) ?? [];
    rows.push({ rule, matches: topics.length, also: alsoText(access, at, topics) });
    byHeading.set(heading, rows);
  }
  return [...byHeading].map(([heading, rows]) => ({ heading, rows }));
}

function alsoText(access: EffectiveAccess, at: number, topics: readonly EffectiveTopic[]): string {
  const shared = topics.filter((topic) => topic.rules.some((other) => other !== at));
  if (shared.length === 0) return '';
  const froms = new Set<string>();
  for (const topic of shared)
    for (const other of topic.rules) {
      const rule = access.rules[other];
      if (other === at || rule === undefined) continue;
      froms.add(rule.via.kind === 'group' ? rule.via.group.name : rule.via.kind === 'role' ? rule.via.role : 'direct');
    }
  const from = froms.size === 1 ? [...froms][0] : `${froms.size} others`;
  return shared.length === topics.length ? `also ${from}` : `${shared.length} also ${from}`;
}

export function topicRows(access: EffectiveAccess, text = ''): EffectiveTopic[] {
  const wanted = text.trim().toLowerCase();
  return access.topics.filter((topic) =>
    [topic.topic, topic.owner, ...topic.rights].join(' ').toLowerCase().includes(wanted),
  );
}
