// All unit, property and integration tests. Four projects: `schemas`, `backend` (which also holds the tests of infra/),
// `frontend-unit` for plain modules (*.unit.test.ts) in Node, and `frontend` for components in a real browser.
import { join } from 'node:path';
import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';
import viteConfig from '../../frontend/vite.config.ts';
import { chromiumPath } from './chromium.ts';

const root = join(import.meta.dirname, '../..');
// The browser is unpacked only for a run that may need it.
const isBrowserAsked =
  !process.argv.some((arg) => /^--project=?(schemas|backend|frontend-unit)$/.test(arg)) && wantsBrowser();
const browser = isBrowserAsked ? await chromiumPath() : null;
if (browser) Object.assign(process.env, browser.env);

function wantsBrowser(): boolean {
  const at = process.argv.indexOf('--project');
  if (at === -1) return true;
  return process.argv.some((arg, i) => process.argv[i - 1] === '--project' && arg === 'frontend');
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
          hookTimeout: 60_000,
        },
      },
      {
        ...viteConfig,
        test: { name: 'frontend-unit', include: ['test/**/*.unit.test.ts'], environment: 'node' },
      },
      ...(browser
        ? [
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
                  provider: playwright({
                    launchOptions: { executablePath: browser.executablePath, args: browser.args, env: browser.env },
                  }),
                  instances: [{ browser: 'chromium' as const }],
                },
              },
            },
          ]
        : []),
    ],
  },
});
