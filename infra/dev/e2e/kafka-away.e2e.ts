// Kafka dies under an open chart and comes back: the page says so, keeps what it has marked, and goes live by itself.
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { type Broker, startBroker } from '../../kafka/broker.ts';
import { kafkaJars } from '../../kafka/kafka-jars.ts';
import { type GatewayProcess, ownDataDir, startGateway } from '../gateway-process.ts';

const data = ownDataDir();
const hasKafka = await kafkaJars().then(
  () => true,
  () => false,
);
let broker: Broker;
let gateway: GatewayProcess;
let shop: ChildProcess;

test.skip(!hasKafka, 'KAFKA IS NOT TO BE HAD HERE');

test.beforeAll(async () => {
  test.setTimeout(180_000);
  broker = await startBroker();
  const env = { KAFKA_BROKERS: broker.brokers, DEMO: '1', DATA_DIR: data.path };
  gateway = await startGateway({ ...env, STATIC_DIR: join(import.meta.dirname, '../../../frontend/build') });
  shop = spawn(process.execPath, [join(import.meta.dirname, '../../simulate/kafka-emitter.ts'), '--past', '2'], {
    env: { ...process.env, ...env },
    stdio: 'ignore',
  });
});

test.afterAll(async () => {
  shop?.kill('SIGTERM');
  await gateway?.end('SIGTERM');
  await broker?.stop();
  data.remove();
});

test('within 5 s of a dead broker the page says so, and within 20 s of its start it is live again', async ({
  page,
}) => {
  test.setTimeout(120_000);
  const headers = { 'x-tidewatch': '1' };
  const signIn = { name: 'operator', password: 'operator' };
  expect((await page.request.post(`${gateway.url}/api/sign-in`, { data: signIn, headers })).ok()).toBe(true);
  await page.goto(`${gateway.url}/topics/shop.checkout`);
  await expect(page.locator('canvas').first()).toBeVisible({ timeout: 20_000 });
  await page.waitForTimeout(3_000);
  await broker.kill();
  const says = page.getByText(/Kafka (does not answer|unreachable|is not reachable|not reachable)|Kafka/i).first();
  await expect(says).toBeVisible({ timeout: 5_000 });
  await page.screenshot({ path: '.screenshots/kafka-away.png' });
  await expect(page.locator('canvas').first()).toBeVisible();
  await page.waitForTimeout(15_000);
  await broker.restart();
  await expect(says).toBeHidden({ timeout: 20_000 });
  await page.waitForTimeout(2_000);
  await page.screenshot({ path: '.screenshots/kafka-back.png' });
});
