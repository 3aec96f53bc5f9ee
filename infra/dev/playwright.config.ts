// End-to-end tests: a real browser on a real gateway with its own database, on the embedded source with the simulated shop.
import { join } from 'node:path';
import { defineConfig } from '@playwright/test';
import { chromiumPath } from './chromium.ts';

const port = Number(process.env.E2E_PORT ?? 8977);
const { executablePath, env, args } = await chromiumPath();

export default defineConfig({
  testDir: join(import.meta.dirname, 'e2e'),
  testMatch: '*.e2e.ts',
  outputDir: join(import.meta.dirname, '../../.screenshots/failed'),
  timeout: 60_000,
  workers: 1,
  reporter: [['list'], ['json', { outputFile: process.env.PLAYWRIGHT_JSON_OUTPUT_NAME ?? '/dev/null' }]],
  use: {
    baseURL: `http://localhost:${port}`,
    headless: true,
    viewport: { width: 1440, height: 900 },
    launchOptions: { executablePath, env, args },
  },
  webServer: {
    command: 'exec node infra/dev/e2e-gateway.ts',
    cwd: join(import.meta.dirname, '../..'),
    url: `http://localhost:${port}/ready`,
    timeout: 120_000,
    env: { PORT: String(port), LOG_LEVEL: 'warn' },
    gracefulShutdown: { signal: 'SIGTERM', timeout: 10_000 },
  },
});
