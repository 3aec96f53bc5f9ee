// All unit, property and integration tests. Four projects: `schemas`, `backend` (which also holds the tests of infra/),
// `frontend-unit` for plain modules (*.unit.test.ts) in Node, and `frontend` for components in a real browser.
import { join } from 'node:path';
import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';
import viteConfig from '../../frontend/vite.config.ts';
import { chromiumPath } from './chromium.ts';

const root = join(import.meta.dirname, '../..');

// Whoever runs only other projects needs no browser on the machine.
const asked = process.argv.filter((_, i, all) => all[i - 1] === '--project');
const browser = asked.length === 0 || asked.includes('frontend') ? await inBrowser() : [];

async function inBrowser() {
  const launchOptions = await chromiumPath();
  return [
    {
      ...viteConfig,
      test: {
        name: 'frontend',
        include: ['test/**/*.test.ts'],
        exclude: ['**/*.unit.test.ts', '**/node_modules/**'],
        browser: {
          enabled: true,
          headless: true,
          screenshotFailures: false,
          provider: playwright({ launchOptions }),
          instances: [{ browser: 'chromium' as const }],
        },
      },
    },
  ];
}

export default defineConfig({
  root,
  test: {
    projects: [
      { root, test: { name: 'schemas', include: ['schemas/test/**/*.test.ts'] } },
      {
        root,
        test: {
          name: 'backend',
          include: ['backend/test/**/*.test.ts', 'infra/**/*.test.ts'],
          testTimeout: 20_000,
          hookTimeout: 90_000,
        },
      },
      { ...viteConfig, test: { name: 'frontend-unit', include: ['test/**/*.unit.test.ts'] } },
      ...browser,
    ],
  },
});
