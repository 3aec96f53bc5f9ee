// Rules of access in words: what they let do, where they come from, what their pattern means.
import type { AccessRule } from '@tidewatch/schemas/api-access';
import type { Right } from '@tidewatch/schemas/right';
import type { LabelFilter } from '@tidewatch/schemas/scope';

export const RIGHT_WORDS: Readonly<Record<Right, { name: string; about: string; verb: string }>> = {
  subscribe: { name: 'Subscribe', about: 'receive live samples', verb: 'subscribe to' },
  history: { name: 'Read history', about: 'the last 24 h, at the stored resolution', verb: 'read the history of' },
  publish: { name: 'Publish', about: 'send samples over HTTP', verb: 'publish to' },
  manage: { name: 'Manage', about: 'change unit, interval, limits, description', verb: 'manage' },
};

export function viaText({ via }: Pick<AccessRule, 'via'>): string {
  switch (via.kind) {
    case 'direct':
      return 'direct';
    case 'group':
      return via.group.name;
    case 'role':
      return `role ${via.role}`;
    case 'token':
      return 'its own scope';
  }
}

/** Rules under one heading belong together. */
export function viaHeading({ via }: Pick<AccessRule, 'via'>): string {
  switch (via.kind) {
    case 'direct':
      return 'Direct';
    case 'group':
      return `Through group ${via.group.name}`;
    case 'role':
      return `As ${via.role}`;
    case 'token':
      return 'Its own scope';
  }
}

/** "region=eu, tier=1"; empty for every series. */
export function labelsText(labels: LabelFilter | null): string {
  return labels === null
    ? ''
    : Object.entries(labels)
        .map(([name, value]) => `${name}=${value}`)
        .join(', ');
}

/** What a pattern stands for, now and later. */
export function patternText(pattern: string): string {
  if (pattern === '**') return 'every topic, now and later';
  const segments = pattern.split('.');
  const stars = segments.filter((segment) => segment === '*').length;
  const isDeep = segments.at(-1) === '**';
  if (stars === 0 && !isDeep) return 'this topic and no other';
  if (stars === 0) return `everything below ${segments.slice(0, -1).join('.')}, now and later`;
  const one = stars === 1 ? '* stands for any one segment' : 'each * stands for any one segment';
  return isDeep ? `${one}, and everything below` : `${one}, now and later`;
}

/** "a", "a and b", "a, b and c". */
export function listed(words: readonly string[]): string {
  return words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en-GB')} ${count === 1 ? one : many}`;
}
