// What needs an admin, most pressing first: one row a matter, with where to deal with it.
import type { Grant } from '@tidewatch/schemas/api-grants';
import type { AccessRequest } from '@tidewatch/schemas/api-requests';
import type { LiveSession } from '@tidewatch/schemas/api-sessions';
import type { Token } from '@tidewatch/schemas/api-tokens';
import { counted, listed } from './rule-words.ts';
import { pressure } from './session-rows.ts';
import { lasts } from './until-words.ts';

const DAY = 86_400_000;
const WEEK = 7 * DAY;
const NAMED_MAX = 3;

export interface NeedsFacts {
  readonly now: number;
  readonly sessions: readonly LiveSession[];
  readonly requests: readonly AccessRequest[];
  readonly grants: readonly Grant[];
  readonly tokens: readonly Token[];
  readonly rejected: number;
}
export interface Need {
  readonly shape: 'critical' | 'warning' | 'stale' | 'none';
  readonly title: string;
  readonly text: string;
  readonly href: string;
  readonly where: string;
}

export function needs({ now, sessions, requests, grants, tokens, rejected }: NeedsFacts): Need[] {
  const rows: Need[] = [];
  for (const session of sessions.filter((one) => pressure(one) === 'stuck').slice(0, NAMED_MAX))
    rows.push({
      shape: 'critical',
      title: `${session.principal.name} cannot keep up`,
      text: `${session.mergedTicks.toLocaleString('en-GB')} ticks merged; it may show late values`,
      href: '/admin/sessions',
      where: 'Session',
    });
  const waiting = requests.filter((one) => one.mayDecide);
  if (waiting.length > 0)
    rows.push({
      shape: 'warning',
      title: `${counted(waiting.length, 'request')} ${waiting.length === 1 ? 'waits' : 'wait'} for you`,
      text: named(waiting.map((one) => `${one.by.name} ${lasts(now - one.createdAt)}`)),
      href: '/admin/requests',
      where: 'Requests',
    });
  const ending = grants.filter((one) => one.until !== null && one.until > now && one.until - now < DAY);
  if (ending.length > 0)
    rows.push({
      shape: 'stale',
      title: `${counted(ending.length, 'grant')} ${ending.length === 1 ? 'ends' : 'end'} within a day`,
      text: named(ending.map((one) => `${one.who.name} ${one.pattern} in ${lasts((one.until ?? now) - now)}`)),
      href: '/admin/grants',
      where: 'Grants',
    });
  const expiring = tokens.filter(
    (one) => one.state === 'active' && one.expires !== null && one.expires > now && one.expires - now < WEEK,
  );
  if (expiring.length > 0)
    rows.push({
      shape: 'stale',
      title: `${counted(expiring.length, 'token')} ${expiring.length === 1 ? 'ends' : 'end'} this week`,
      text: named(expiring.map((one) => `${one.name} in ${lasts((one.expires ?? now) - now)}`)),
      href: '/admin/tokens',
      where: 'Tokens',
    });
  const idle = grants.filter((one) => one.matches === 0 && !one.isEnded);
  if (idle.length > 0)
    rows.push({
      shape: 'none',
      title: `${counted(idle.length, 'grant')} ${idle.length === 1 ? 'matches' : 'match'} no topic today`,
      text: named(idle.map((one) => one.pattern)),
      href: '/admin/grants',
      where: 'Grants',
    });
  if (rejected > 0)
    rows.push({
      shape: 'none',
      title: `${counted(rejected, 'record')} rejected since the gateway started`,
      text: 'kept with the reason, as they came',
      href: '/admin/rejects',
      where: 'Rejects',
    });
  return rows;
}

function named(names: readonly string[]): string {
  const more = names.length - NAMED_MAX;
  return more > 0 ? `${names.slice(0, NAMED_MAX).join(', ')} and ${more} more` : listed(names);
}
