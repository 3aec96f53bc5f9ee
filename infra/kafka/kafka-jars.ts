// Finds the jars of a real Kafka broker, fetching them once with Maven into the cache. Refuses with a plain sentence when
// there is no Java or no Maven, so that whoever asked can say that the Kafka part was left out.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheDir } from '../dev/cache-dir.ts';

const pom = join(import.meta.dirname, 'pom.xml');
const FETCH_MS = 300_000;

/** Another list of jars is another version: whatever was made for the last one is left alone. */
export const kafkaVersion = createHash('sha256').update(readFileSync(pom)).digest('hex').slice(0, 12);

/** The folder with the jars, for `java -cp '<folder>/*'`. */
export function kafkaJars(): Promise<string> {
  return cacheDir(`kafka-${kafkaVersion}`, async (dir) => {
    const missing = await missingTool();
    if (missing) throw new Error(missing);
    const args = ['-q', '-B', '-f', pom, 'dependency:copy-dependencies', `-DoutputDirectory=${dir}`];
    const run = await output('mvn', [...args, '-DincludeScope=runtime'], FETCH_MS);
    if (run.code !== 0) throw new Error(`Maven could not fetch Kafka:\n${run.text.slice(-2000)}`);
  });
}

/** Why a broker of our own cannot be fetched and run here, or null when it can. */
async function missingTool(): Promise<string | null> {
  const java = await output('java', ['-version'], 10_000);
  const version = Number(/version "(\d+)/.exec(java.text)?.[1] ?? 0);
  if (java.code !== 0 || version < 17) return 'Kafka needs Java 17 or newer on the PATH; none was found.';
  const mvn = await output('mvn', ['-v'], 30_000);
  if (mvn.code !== 0) return 'Fetching Kafka needs Maven (mvn) on the PATH; none was found.';
  return null;
}

function output(command: string, args: string[], timeout: number): Promise<{ code: number | null; text: string }> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], timeout });
    let text = '';
    child.stdout.on('data', (chunk) => (text += chunk));
    child.stderr.on('data', (chunk) => (text += chunk));
    child.on('error', (error) => resolve({ code: null, text: error.message }));
    child.on('close', (code) => resolve({ code, text }));
  });
}
