import { expect, it, vi } from 'vitest';
import { page } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';
import ChangePasswordForm from '#lib/auth/change-password-form.svelte';
import SignInForm from '#lib/auth/sign-in-form.svelte';
import { fakeApi } from './fake-api.ts';
import '../../src/app.css';

const ME = {
  ...{ kind: 'person', id: 'a', name: 'alice', displayName: 'Alice', email: null, role: 'viewer', groups: [] },
  ...{ mustChangePassword: false, hasPassword: true, loginEnds: null, policyVersion: 1, now: 0 },
};

it('asks the gateway nothing while a field is empty, and says which', async () => {
  const { api, asked } = fakeApi({});
  await render(SignInForm, { api, onsigned: vi.fn() });
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect.element(page.getByLabelText('User name or e-mail')).toHaveAttribute('aria-invalid', 'true');
  expect(asked).toEqual([]);
});

it('says a wrong password once, and keeps what was typed', async () => {
  const refused = { status: 401, body: { error: { code: 'signed_out', message: 'User name or password is wrong.' } } };
  const { api } = fakeApi({ 'POST /api/sign-in': () => refused });
  await render(SignInForm, { api, onsigned: vi.fn() });
  await page.getByLabelText('User name or e-mail').fill('alice');
  await page.getByLabelText('Password', { exact: true }).fill('nope');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect.element(page.getByRole('alert')).toHaveTextContent('User name or password is wrong.');
  await expect.element(page.getByLabelText('User name or e-mail')).toHaveValue('alice');
});

it('hands over who signed in', async () => {
  const onsigned = vi.fn();
  const { api, asked } = fakeApi({ 'POST /api/sign-in': () => ({ body: ME }) });
  await render(SignInForm, { api, onsigned });
  await page.getByLabelText('User name or e-mail').fill(' alice ');
  await page.getByLabelText('Password', { exact: true }).fill(' secret ');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect.poll(() => onsigned.mock.calls[0]?.[0]).toEqual(ME);
  expect(asked[0]?.body).toEqual({ name: 'alice', password: ' secret ' });
});

it('does not ask again for the one-time password that was just used', async () => {
  const onchanged = vi.fn();
  const { api, asked } = fakeApi({ 'POST /api/me/password': () => ({ body: ME }) });
  await render(ChangePasswordForm, { api, known: 'once-only', isFirst: true, onchanged });
  await page.getByLabelText('New password').fill('a long new one');
  await page.getByRole('button', { name: 'Set it and go on' }).click();
  await expect.poll(() => onchanged.mock.calls.length).toBe(1);
  expect(asked[0]?.body).toEqual({ current: 'once-only', next: 'a long new one' });
});

it('refuses a short new password before the gateway hears of it', async () => {
  const { api, asked } = fakeApi({});
  await render(ChangePasswordForm, { api, known: 'once-only', isFirst: true, onchanged: vi.fn() });
  await page.getByLabelText('New password').fill('short');
  await page.getByRole('button', { name: 'Set it and go on' }).click();
  await expect.element(page.getByText('A password has at least 10 characters')).toBeVisible();
  expect(asked).toEqual([]);
});
