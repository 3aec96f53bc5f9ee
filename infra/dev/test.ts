// `npm test`: format and lint, types, dependency rules, unused code, unit, property, integration, real-Kafka and
// real-browser tests. Runs every step even where one fails, and ends with one plain line of counts. A step that is no test
// runner counts as one. What cannot run here is said in capitals; with CI=true it fails.
import { spawn } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kafkaJars } from '../kafka/kafka-jars.ts';
import { dieWithParent } from './die-with-parent.ts';

interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

interface Step {
  readonly name: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  /** Reads the counts of a test runner from its JSON report; without it the step itself is one test. */
  readonly count?: (report: string) => Counts;
}

const root = join(import.meta.dirname, '../..');
/** Every process that a step starts inherits this mark. */
const RUN = 'TIDEWATCH_TEST_RUN';
const isCi = process.env.CI === 'true';
const reports = mkdtempSync(join(tmpdir(), 'tidewatch-test-'));
const bin = (name: string) => join(root, 'node_modules/.bin', name);
const vitest = (project: string, ...more: string[]): Step => ({
  name: `tests: ${project}`,
  args: [
    ...[bin('vitest'), 'run', '--config', 'infra/dev/vitest.config.ts', '--project', project, '--passWithNoTests'],
    ...['--reporter', 'default', '--reporter', 'json', '--outputFile.json', reportOf(`tests: ${project}`), ...more],
  ],
  count: countVitest,
});

const noKafka = await kafkaJars().then(
  () => null,
  (error: Error) => error.message.split('\n')[0] ?? '',
);
// Those of infra/ are about our own broker; the others can do with any Kafka.
const ownKafkaTests = process.env.KAFKA_BROKERS ? 'infra/**/*.kafka.test.ts' : '**/*.kafka.test.ts';
const withoutKafka = noKafka === null ? [] : ['--exclude', ownKafkaTests];

const steps: readonly Step[] = [
  { name: 'format and lint', args: [bin('biome'), 'ci', '--colors=off', '--max-diagnostics', '20', '.'] },
  { name: 'types: schemas', args: [bin('tsc'), '-p', 'schemas'] },
  { name: 'types: schemas (tests)', args: [bin('tsc'), '-p', 'schemas/test'] },
  { name: 'types: backend', args: [bin('tsc'), '-p', 'backend'] },
  { name: 'types: infra', args: [bin('tsc'), '-p', 'infra'] },
  { name: 'types: frontend (sync)', args: [bin('svelte-kit'), 'sync'], cwd: 'frontend' },
  { name: 'types: frontend', args: [bin('svelte-check'), '--tsconfig', './tsconfig.json'], cwd: 'frontend' },
  {
    name: 'dependency rules',
    args: [
      bin('depcruise'),
      '--config',
      '.dependency-cruiser.mjs',
      'schemas/src',
      'backend/src',
      'frontend/src',
      'infra',
    ],
  },
  { name: 'unused code', args: [bin('knip')] },
  vitest('schemas'),
  vitest('backend', ...withoutKafka),
  vitest('frontend-unit'),
  vitest('frontend'),
  {
    name: 'tests: end to end',
    args: [bin('playwright'), 'test', '--config', 'infra/dev/playwright.config.ts'],
    count: countPlaywright,
  },
];

const total: Counts = { passed: 0, failed: 0, skipped: 0 };
const outcomes: string[] = [];
for (const step of steps) await run(step);
if (noKafka !== null) {
  console.log(`\nKAFKA TESTS SKIPPED: ${noKafka.toUpperCase()}`);
  if (isCi) total.failed += 1;
  else total.skipped += 1;
}
if (isCi && total.skipped > 0) {
  console.log(`\n${total.skipped} TESTS WERE SKIPPED; WITH CI=true THAT FAILS.`);
  total.failed += 1;
}
const strays = leftBehind();
if (strays.length > 0) {
  console.log(`\nTHE TESTS LEFT PROCESSES BEHIND:\n${strays.join('\n')}`);
  total.failed += 1;
}
rmSync(reports, { recursive: true, force: true });
console.log(`\n${outcomes.join('\n')}\n`);
const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : '';
console.log(`${total.passed} passed, ${total.failed} failed${skipped}`);
process.exit(total.failed > 0 ? 1 : 0);

async function run(step: Step): Promise<void> {
  console.log(`\n=== ${step.name}`);
  const startedAt = performance.now();
  const code = await exitOf(step);
  const counts = step.count === undefined ? undefined : readReport(step);
  const own = counts ?? { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0 };
  // A runner that fails although all its tests passed (an error outside of them, or none that ran) has failed.
  if (code !== 0 && own.failed === 0) own.failed = 1;
  total.passed += own.passed;
  total.failed += own.failed;
  total.skipped += own.skipped;
  const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
  outcomes.push(
    `${own.failed > 0 ? 'FAILED' : 'ok    '} ${step.name}: ${own.passed} passed, ${own.failed} failed (${seconds} s)`,
  );
}

function exitOf({ name, args, cwd = '.' }: Step): Promise<number> {
  const env = {
    ...process.env,
    [RUN]: reports,
    PATH: `${join(root, 'node_modules/.bin')}:${process.env.PATH}`,
    PLAYWRIGHT_JSON_OUTPUT_NAME: reportOf(name),
    FORCE_COLOR: '0',
  };
  const [command, ...rest] = dieWithParent('TERM', [...args]);
  return new Promise((resolve) => {
    const child = spawn(command, rest, { cwd: join(root, cwd), env, stdio: ['ignore', 'inherit', 'inherit'] });
    child.once('error', () => resolve(1));
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

/** Processes, besides this one, that carry the mark of this run. Only Linux shows them. */
function leftBehind(): string[] {
  return globSync('/proc/[0-9]*').flatMap((process) => {
    try {
      if (!readFileSync(`${process}/environ`, 'utf8').includes(`${RUN}=${reports}`)) return [];
      return [readFileSync(`${process}/cmdline`, 'utf8').replaceAll('\0', ' ').slice(0, 200)];
    } catch {
      return [];
    }
  });
}

function reportOf(name: string): string {
  return join(reports, `${name.replaceAll(/[^a-z-]+/g, '-')}.json`);
}

function readReport({ name, count }: Step): Counts | undefined {
  try {
    return count?.(readFileSync(reportOf(name), 'utf8'));
  } catch {
    return undefined;
  }
}

function countVitest(report: string): Counts {
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, numFailedTestSuites } = JSON.parse(report);
  // A file that does not even load has no tests, and has failed all the same.
  const failed = numFailedTests > 0 || numFailedTestSuites === 0 ? numFailedTests : numFailedTestSuites;
  return { passed: numPassedTests, failed, skipped: numPendingTests + numTodoTests };
}

function countPlaywright(report: string): Counts {
  const { expected, unexpected, flaky, skipped } = JSON.parse(report).stats;
  return { passed: expected, failed: unexpected + flaky, skipped };
}
