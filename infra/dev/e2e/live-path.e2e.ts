// From a record to a moving chart, for the people allowed to see it: the whole path in a real browser.
import { expect, type Page, test } from '@playwright/test';

async function signIn(page: Page, name: string): Promise<void> {
  const offer = await (await page.request.get('/api/sign-in')).json();
  const account = offer.demo.find((one: { name: string }) => one.name === name);
  const answer = await page.request.post('/api/sign-in', {
    data: { name, password: account.password },
    headers: { 'x-tidewatch': '1' },
  });
  expect(answer.ok(), await answer.text()).toBe(true);
}

/** Faults that a person would only see in the console. */
function watchConsole(page: Page): string[] {
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(message.text());
  });
  return faults;
}

test('an operator sees the charts of a topic move, with nothing in the console', async ({ page }) => {
  const faults = watchConsole(page);
  await signIn(page, 'operator');
  await page.goto('/topics/shop.checkout');
  await expect(page.getByText('Live', { exact: false }).first()).toBeVisible();
  const chart = page.locator('canvas').first();
  await expect(chart).toBeVisible();
  await page.waitForTimeout(1_500);
  const before = await chart.screenshot();
  await page.waitForTimeout(4_000);
  expect(Buffer.compare(before, await chart.screenshot()), 'the chart stands still').not.toBe(0);
  await page.screenshot({ path: '.screenshots/topic.png' });
  expect(faults).toEqual([]);
});

test('the list of topics shows what is mine, and who owns what is locked', async ({ page }) => {
  const faults = watchConsole(page);
  await signIn(page, 'operator');
  await page.goto('/topics');
  await expect(page.getByText('shop.checkout').first()).toBeVisible();
  await expect(page.getByText('Request access').first()).toBeVisible();
  await page.screenshot({ path: '.screenshots/topics.png' });
  expect(faults).toEqual([]);
});

test('a topic that I may not see says so and names its owner, and shows no number', async ({ page }) => {
  await signIn(page, 'operator');
  await page.goto('/topics/ml.fraud');
  await expect(page.getByText('data-team').first()).toBeVisible();
  await expect(page.locator('canvas')).toHaveCount(0);
  await page.screenshot({ path: '.screenshots/forbidden.png' });
});

test('a revoked grant clears an open chart within a second', async ({ page, playwright, baseURL }) => {
  const headers = { 'x-tidewatch': '1' };
  const admin = await playwright.request.newContext({ ...(baseURL === undefined ? {} : { baseURL }) });
  const offer = await (await admin.get('/api/sign-in')).json();
  const account = offer.demo.find((one: { name: string }) => one.name === 'admin');
  await admin.post('/api/sign-in', { data: { name: 'admin', password: account.password }, headers });
  const { users } = await (await admin.get('/api/users')).json();
  const viewer = users.find((one: { name: string }) => one.name === 'viewer');
  const made = await admin.post('/api/grants', {
    headers,
    data: {
      who: [{ kind: 'person', id: viewer.id }],
      patterns: ['infra.postgres'],
      rights: ['subscribe', 'history'],
      until: Date.now() + 3_600_000,
      reason: '',
    },
  });
  expect(made.ok(), await made.text()).toBe(true);
  await signIn(page, 'viewer');
  await page.goto('/topics/infra.postgres');
  await expect(page.locator('canvas').first()).toBeVisible();
  const { grants } = await (await admin.get('/api/grants')).json();
  const grant = grants.find((one: { pattern: string }) => one.pattern === 'infra.postgres');
  const gone = await admin.delete(`/api/grants/${grant.id}`, { headers });
  expect(gone.ok(), await gone.text()).toBe(true);
  await expect(page.locator('canvas')).toHaveCount(0, { timeout: 1_000 });
  await page.screenshot({ path: '.screenshots/revoked.png' });
  await admin.dispose();
});
