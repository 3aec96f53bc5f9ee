// How long a revoke takes: from the commit in psql to the last frame of the topic on another gateway, beside the notice
// at a bare connection. And how long it takes to work out what somebody with 500 grants can see of 5,000 topics, beside
// matching each pattern against each topic and nothing else.
import { matchesPattern } from '@tidewatch/schemas/pattern';
import { effectiveAccess } from '../src/access/effective-access.ts';
import { compilePolicy, type PolicyRows } from '../src/access/policy.ts';
import { type Bench, type BenchRow, valueRow } from './bench-row.ts';
import { startTwoGateways } from './two-gateways.ts';

const REVOKES = 200;
const GRANTS = 500;
const TOPICS = 5_000;
const RUNS = 15;

export const bench: Bench = {
  names: ['access.revoke', 'access.effective'],
  async run(wanted, say) {
    const rows: BenchRow[] = [];
    if (wanted.has('access.effective')) rows.push(effective());
    if (wanted.has('access.revoke')) rows.push(await revoke(say));
    return rows;
  },
};

async function revoke(say: (text: string) => void): Promise<BenchRow> {
  const gateways = await startTwoGateways();
  try {
    const last: number[] = [];
    const notices: number[] = [];
    for (let at = 0; at < REVOKES; at++) {
      const { lastFrameMs, noticeMs, framesAfter } = await gateways.revokeOnce();
      if (framesAfter > 0) throw new Error(`${framesAfter} frames came after the revoke: there must be none`);
      last.push(lastFrameMs);
      notices.push(noticeMs);
      if ((at + 1) % 50 === 0) say(`  ${at + 1} of ${REVOKES} revokes`);
    }
    return valueRow('access.revoke', p99(last), 'ms', { atMost: 250 }, p99(notices));
  } finally {
    await gateways.stop();
  }
}

function effective(): BenchRow {
  const topics = Array.from({ length: TOPICS }, (_, at) => `area${at % 50}.service${at % 500}.metric${at}`);
  const grants = Array.from({ length: GRANTS }, (_, at): PolicyRows['grants'][number] => ({
    ...{ id: `grant ${at}`, userId: 'alice', groupId: null, tokenId: null, until: null, reason: '', by: '' },
    pattern: at % 10 === 0 ? `area${at % 50}.**` : `area${at % 50}.service${at}.*`,
    rights: ['subscribe', 'history'],
    labels: at % 3 === 0 ? { region: `r${at % 7}` } : null,
  }));
  const flags = { role: 'viewer', isDisabled: false, mustChangePassword: false } as const;
  const alice = { id: 'alice', name: 'alice', displayName: '', email: null, ...flags };
  const empty = { groups: [], memberships: [], owners: [], tokens: [] };
  const policy = compilePolicy({ version: 1, users: [alice], grants, ...empty });
  const principal = policy.principals.get('alice');
  if (!principal) throw new Error('alice is in the policy');
  const access = median(() => effectiveAccess(policy, principal, topics, 1));
  const control = median(() => {
    let matches = 0;
    for (const topic of topics) for (const { pattern } of grants) if (matchesPattern(pattern, topic)) matches++;
    return matches;
  });
  return valueRow('access.effective', access, 'ms', { atMost: 300 }, control);
}

function median(work: () => unknown): number {
  const times = Array.from({ length: RUNS }, () => {
    const from = performance.now();
    work();
    return performance.now() - from;
  });
  return times.sort((a, b) => a - b)[Math.floor(RUNS / 2)] ?? 0;
}

const p99 = (all: readonly number[]) => [...all].sort((a, b) => a - b)[Math.floor(all.length * 0.99)] ?? 0;
