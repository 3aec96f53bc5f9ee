// No axe violation (WCAG 2.2 A and AA) on any page, in dark and light, wide and on a phone.
import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page, test } from '@playwright/test';

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
const PAGES = {
  operator: ['/', '/topics', '/topics/shop.checkout', '/topics/ml.fraud', '/explore'],
  admin: ['/admin/users', '/admin/grants', '/admin/sessions'],
} as const;

async function violationsOf(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).withTags(TAGS).analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`);
}

for (const colorScheme of ['dark', 'light'] as const) {
  for (const [width, height] of [
    [1440, 900],
    [390, 844],
  ] as const) {
    test.describe(`${colorScheme} at ${width} px`, () => {
      test.use({ colorScheme, viewport: { width, height } });

      test('sign-in', async ({ page }) => {
        await page.goto('/sign-in');
        await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible();
        expect(await violationsOf(page)).toEqual([]);
      });

      for (const [name, paths] of Object.entries(PAGES)) {
        test(`pages of ${name}`, async ({ page }) => {
          const headers = { 'x-tidewatch': '1' };
          await page.request.post('/api/sign-in', { data: { name, password: name }, headers });
          const found: Record<string, string[]> = {};
          for (const path of paths) {
            await page.goto(path);
            await page.waitForTimeout(1_200);
            const violations = await violationsOf(page);
            if (violations.length > 0) found[path] = violations;
            const overflow = () => page.evaluate('document.documentElement.scrollWidth - innerWidth');
            await expect.poll(overflow, `${path} scrolls sideways`).toBeLessThanOrEqual(0);
          }
          expect(found).toEqual({});
        });
      }
    });
  }
}
