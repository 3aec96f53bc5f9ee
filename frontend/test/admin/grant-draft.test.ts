import { expect, it } from 'vitest';
import { GrantDraft } from '#lib/admin/grant-draft.svelte.ts';
import { fakeApi } from '../auth/fake-api.ts';

const ALICE = '0b7a3a1e-3c2f-4d51-9c7e-2f5a4f1f9a01';
const NOW = Date.UTC(2026, 10, 23, 12);
const PREVIEW = {
  ...{ matches: [], matched: 0, topics: 0, sensitive: 0, reasonNeeded: [], refused: null, people: [], sessions: 0 },
};
const GRANT = {
  ...{ id: ALICE, who: { kind: 'person', id: ALICE, name: 'alice' }, pattern: 'shop.**', rights: ['subscribe'] },
  ...{
    labels: null,
    until: null,
    reason: '',
    by: 'mara',
    createdAt: 0,
    revision: 1,
    isEnded: false,
    matches: 0,
    live: 0,
  },
};

it('gives eight hours from now by default, and takes a pattern that was typed but not entered', async () => {
  const { api, asked } = fakeApi({ 'POST /api/grants': () => ({ body: { grants: [GRANT] } }) });
  const draft = new GrantDraft(api, () => NOW);
  draft.who = [`person:${ALICE}`];
  draft.typed = 'payments.**';
  expect(await draft.save()).toHaveLength(1);
  expect(asked[0]?.body).toMatchObject({
    ...{ who: [{ kind: 'person', id: ALICE }], patterns: ['payments.**'], until: NOW + 8 * 3_600_000 },
  });
});

it('never sends a grant of every series when its labels cannot be read', async () => {
  const { api, asked } = fakeApi({});
  const draft = new GrantDraft(api, () => NOW);
  draft.who = [`person:${ALICE}`];
  draft.patterns = ['shop.**'];
  draft.labels = 'region';
  expect(await draft.save()).toBeNull();
  expect(asked).toEqual([]);
  expect(draft.form.of('labels')).toBeDefined();
});

it('never sends an end that is no date, which would be no end', async () => {
  const { api, asked } = fakeApi({});
  const draft = new GrantDraft(api, () => NOW);
  draft.who = [`person:${ALICE}`];
  draft.patterns = ['shop.**'];
  draft.until = 'date';
  expect(await draft.save()).toBeNull();
  expect(asked).toEqual([]);
});

it('shows the preview of what is chosen last, whichever answer comes last', async () => {
  const { api, asked } = fakeApi({
    'POST /api/grants/preview': ({ body }) => ({
      body: { ...PREVIEW, matched: (body as { patterns: string[] }).patterns.length },
    }),
  });
  const draft = new GrantDraft(api, () => NOW);
  draft.patterns = ['a'];
  draft.watch();
  draft.patterns = ['a', 'b'];
  draft.watch();
  await expect.poll(() => draft.preview?.matched).toBe(2);
  await new Promise((done) => setTimeout(done, 150));
  expect(draft.preview?.matched).toBe(2);
  expect(asked.length).toBeGreaterThan(0);
});

it('says the field that the gateway refused', async () => {
  const fault = { code: 'bad_request', message: 'Say why: it has no end.', field: 'reason' };
  const { api } = fakeApi({ 'POST /api/grants': () => ({ status: 400, body: { error: fault } }) });
  const draft = new GrantDraft(api, () => NOW);
  draft.who = [`person:${ALICE}`];
  draft.patterns = ['shop.**'];
  draft.until = 'none';
  expect(await draft.save()).toBeNull();
  expect(draft.form.of('reason')).toBe('Say why: it has no end.');
  expect(draft.form.general).toBeUndefined();
});
