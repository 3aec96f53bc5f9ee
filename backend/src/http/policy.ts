// The policy as a file, to keep in git: export, what an import would do, and the import. Nothing is applied that was not
// planned on the very policy that holds.
import { ApplyPolicyBody, PolicyDiff, PolicyDiffBody, PolicyFile } from '@tidewatch/schemas/api-policy';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { parse, stringify } from 'yaml';
import { compilePolicy } from '../access/policy.ts';
import { policyEffects } from '../access/policy-effect.ts';
import { type PolicyPlan, planPolicy } from '../access/policy-plan.ts';
import { type ApiContext, topicNames } from './api-context.ts';
import { ApiFault } from './api-fault.ts';
import { actorOf } from './guard.ts';

const HEAD = `# Who may see what. Groups, owners, and grants to people and groups: what is not in here, an import removes.
# People and tokens are kept elsewhere and are only named.
`;

export const policy: FastifyPluginAsyncZod<ApiContext> = async (server, context) => {
  const { store, gatekeeper } = context;
  const admin = { config: { audience: 'admin' } } as const;

  server.get('/api/policy.yaml', admin, async (request, reply) => {
    await store.audit.note(actorOf(request), { action: 'export', object: 'policy' });
    return reply
      .type('application/yaml; charset=utf-8')
      .header('content-disposition', 'attachment; filename="tidewatch-policy.yaml"')
      .send(HEAD + stringify(await currentFile(), { lineWidth: 0 }));
  });

  server.post(
    '/api/policy/diff',
    { ...admin, schema: { body: PolicyDiffBody, response: { 200: PolicyDiff } } },
    async (request) => (await planned(request.body.yaml)).diff,
  );

  server.post(
    '/api/policy',
    { ...admin, schema: { body: ApplyPolicyBody, response: { 200: PolicyDiff } } },
    async (request) => {
      const { yaml, version } = request.body;
      const { plan, diff } = await planned(yaml);
      const outcome =
        diff.version === version
          ? await store.policyImport.apply(actorOf(request), version, plan.steps)
          : 'changed_meanwhile';
      if (outcome === 'changed_meanwhile')
        throw new ApiFault('conflict', 'The policy has changed since the diff: look at a new one, then apply.', {
          field: 'version',
        });
      return { ...diff, version: gatekeeper.policy().version };
    },
  );

  async function planned(yaml: string): Promise<{ plan: PolicyPlan; diff: PolicyDiff }> {
    const file = readFile(yaml);
    const [rows, groups] = await Promise.all([store.policyImport.read(), store.groups.list()]);
    const descriptions = new Map(groups.map((group) => [group.id, group.description]));
    const plan = planPolicy(rows, descriptions, file, gatekeeper.now());
    if (!('steps' in plan)) throw new ApiFault('bad_request', `${plan.field}: ${plan.message}`, { field: plan.field });
    const [before, after] = [compilePolicy(rows), compilePolicy(plan.after)];
    const effects = policyEffects(before, after, topicNames(context), gatekeeper.now());
    const untouched = before.principals.size - effects.length;
    return { plan, diff: { version: rows.version, changes: [...plan.changes], effects, untouched } };
  }

  async function currentFile(): Promise<PolicyFile> {
    const [rows, groups] = await Promise.all([store.policyImport.read(), store.groups.list()]);
    const groupNames = new Map(rows.groups.map((group) => [group.id, group.name]));
    const userNames = new Map(rows.users.map((user) => [user.id, user.name]));
    const now = gatekeeper.now();
    return {
      tidewatch: 1,
      groups: groups.map(({ id, name, description }) => ({
        name,
        ...(description === '' ? {} : { description }),
        members: rows.memberships
          .filter((row) => row.groupId === id)
          .map((row) => userNames.get(row.userId) ?? '')
          .sort(),
      })),
      owners: rows.owners.map(({ pattern, groupId, isSensitive }) => ({
        ...{ pattern, group: groupNames.get(groupId) ?? '', ...(isSensitive ? { sensitive: true } : {}) },
      })),
      grants: rows.grants
        .filter((row) => row.tokenId === null && (row.until === null || row.until > now))
        .map(({ userId, groupId, pattern, rights, labels, until, reason }) => ({
          ...(userId === null
            ? { group: groupNames.get(groupId ?? '') ?? '' }
            : { person: userNames.get(userId) ?? '' }),
          ...{ pattern, rights: [...rights] },
          ...(labels === null ? {} : { labels }),
          ...(until === null ? {} : { until: new Date(until).toISOString() }),
          ...(reason === '' ? {} : { reason }),
        })),
    };
  }
};

function readFile(yaml: string): PolicyFile {
  let value: unknown;
  try {
    // An alias could unfold into far more than was sent.
    value = parse(yaml, { maxAliasCount: 0 });
  } catch (error) {
    throw new ApiFault(
      'bad_request',
      `This is not YAML: ${error instanceof Error ? error.message.split('\n')[0] : error}`,
      { field: 'yaml' },
    );
  }
  const read = PolicyFile.safeParse(value);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  const field = issue?.path.join('.') ?? '';
  throw new ApiFault('bad_request', `${field === '' ? 'yaml' : field}: ${issue?.message ?? 'is not valid'}`, {
    field: field || 'yaml',
  });
}
