import { expect, it, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';
import OnceSecret from '#lib/admin/once-secret.svelte';
import '../../src/app.css';

it('a secret that is shown once cannot be lost to Escape, a click outside or a hasty Close', async () => {
  const onclose = vi.fn();
  await render(OnceSecret, { secret: 'tw_4LkQ7d9V', about: 'Once.', tick: 'I have put it away', onclose });
  await userEvent.keyboard('{Escape}');
  await page.getByRole('button', { name: 'Close' }).click({ force: true });
  expect(onclose).not.toHaveBeenCalled();
  await expect.element(page.getByText('tw_4LkQ7d9V')).toBeVisible();
  await page.getByRole('checkbox', { name: 'I have put it away' }).click();
  await page.getByRole('button', { name: 'Close' }).click();
  expect(onclose).toHaveBeenCalledOnce();
});
