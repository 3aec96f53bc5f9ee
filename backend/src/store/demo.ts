// Who there is in a demo and what they may see: three people whose lists differ, owners to ask, a sensitive topic, a
// grant that ends and one that lets through a part of the series only.
import type { Right } from '@tidewatch/schemas/right';
import type { Role } from '@tidewatch/schemas/role';

export const DEMO_PEOPLE: readonly {
  readonly name: string;
  readonly password: string;
  readonly displayName: string;
  readonly role: Role;
  readonly groups: readonly string[];
  readonly about: string;
}[] = [
  {
    name: 'admin',
    password: 'admin',
    displayName: 'Ada Admin',
    role: 'admin',
    groups: [],
    about: 'Sees everything, decides who may see what.',
  },
  {
    name: 'operator',
    password: 'operator',
    displayName: 'Olu Operator',
    role: 'editor',
    groups: ['on-call', 'platform-team'],
    about: 'On call: shop, web, infrastructure, and the payments of Europe.',
  },
  {
    name: 'viewer',
    password: 'viewer',
    displayName: 'Vera Viewer',
    role: 'viewer',
    groups: [],
    about: 'Web, and of the shop only what is labelled region=eu.',
  },
];

export const DEMO_GROUPS = {
  'on-call': 'Whoever carries the phone this week',
  'shop-team': 'Checkout, cart, search and stock',
  'payments-team': 'Payment providers and their latency',
  'platform-team': 'Hosts, Kafka, PostgreSQL and Tidewatch itself',
  'web-team': 'Pages, apps and the network in front of them',
  'data-team': 'Pipelines and models',
} as const;

type DemoGroup = keyof typeof DEMO_GROUPS;

export const DEMO_OWNERS: readonly {
  readonly pattern: string;
  readonly group: DemoGroup;
  readonly isSensitive: boolean;
}[] = [
  { pattern: 'shop.**', group: 'shop-team', isSensitive: false },
  { pattern: 'payments.**', group: 'payments-team', isSensitive: true },
  { pattern: 'payments.eu.**', group: 'payments-team', isSensitive: false },
  { pattern: 'infra.**', group: 'platform-team', isSensitive: false },
  { pattern: 'status.**', group: 'platform-team', isSensitive: false },
  { pattern: 'web.**', group: 'web-team', isSensitive: false },
  { pattern: 'mobile.**', group: 'web-team', isSensitive: false },
  { pattern: 'data.**', group: 'data-team', isSensitive: false },
  { pattern: 'ml.**', group: 'data-team', isSensitive: true },
];

const READ: readonly Right[] = ['subscribe', 'history'];

export const DEMO_GRANTS: readonly {
  readonly person?: string;
  readonly group?: DemoGroup;
  readonly pattern: string;
  readonly rights: readonly Right[];
  readonly labels?: Readonly<Record<string, string>>;
  /** From the first start on; left out: no end. */
  readonly hours?: number;
  readonly reason: string;
}[] = [
  { group: 'on-call', pattern: 'shop.**', rights: READ, reason: 'On call looks after the shop' },
  { group: 'on-call', pattern: 'payments.eu.**', rights: READ, reason: 'On call looks after payments in Europe' },
  { group: 'on-call', pattern: 'infra.**', rights: READ, reason: 'On call looks after the machines' },
  { group: 'on-call', pattern: 'web.**', rights: READ, reason: 'On call looks after the pages' },
  { group: 'platform-team', pattern: 'infra.**', rights: ['manage', 'publish'], reason: 'Their own topics' },
  { group: 'platform-team', pattern: 'status.**', rights: READ, reason: 'Their own topics' },
  { person: 'operator', pattern: 'logistics.**', rights: READ, hours: 8, reason: 'Helps with the tracking incident' },
  { person: 'viewer', pattern: 'web.*', rights: READ, reason: 'Follows the pages' },
  {
    person: 'viewer',
    pattern: 'shop.*',
    rights: READ,
    labels: { region: 'eu' },
    reason: 'Works for the European shop',
  },
];
