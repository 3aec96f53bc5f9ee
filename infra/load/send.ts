// `npm run send -- script.json`: says what a script says and holds the answers against what it expects. Prints a line a
// step, ends with 1 where a step fails. JSON subprotocol, so that frames can be expected like any message.
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { SUBPROTOCOL } from '@tidewatch/schemas/message-server';
import { gatewayToken, gatewayUrl } from '../dev/gateway-access.ts';
import { socketOpener } from './open-socket.ts';
import { fits, parseScript, type Step } from './script.ts';

const { positionals } = parseArgs({ allowPositionals: true });
const [path] = positionals;
if (path === undefined) fail('Usage: npm run send -- <script.json>; see infra/load/examples');
const script = readScript(path);

/** Messages that no step has taken yet. */
const heard: unknown[] = [];
let closedWith: number | undefined;
let wake: () => void = () => {};

const socket = socketOpener({ url: gatewayUrl(), token: gatewayToken() })(SUBPROTOCOL.json, {
  onMessage(payload) {
    heard.push(JSON.parse(payload as string));
    wake();
  },
  onClosed(code) {
    closedWith = code;
    wake();
  },
});

await until(() => heard.length > 0 || closedWith !== undefined, 10_000);
if (closedWith !== undefined) fail(`No connection: ${closedWith}.`);
for (const [at, step] of script.entries()) {
  const fault = await play(step);
  console.log(`${fault === undefined ? 'ok  ' : 'FAIL'} ${at + 1} ${JSON.stringify(step)}`);
  if (fault !== undefined) fail(`     ${fault}`);
}
socket.close();
process.exit(0);

function readScript(file: string): Step[] {
  try {
    return parseScript(readFileSync(file, 'utf8'));
  } catch (error) {
    return fail(`${file} is no script: ${(error as Error).message}`);
  }
}

/** What is wrong, or undefined. */
async function play(step: Step): Promise<string | undefined> {
  if ('send' in step) socket.send(JSON.stringify(step.send));
  else if ('text' in step) socket.send(step.text);
  else if ('expect' in step) {
    if (!(await until(() => take(step.expect), step.withinMs)))
      return `It did not come. Came: ${JSON.stringify(heard)}`;
  } else if ('never' in step) {
    if (await until(() => take(step.never), step.withinMs)) return 'It came.';
  } else {
    await until(() => closedWith !== undefined, step.withinMs);
    if (closedWith !== step.expectClose) return `The connection is ${closedWith ?? 'open'}.`;
  }
  return undefined;
}

/** Takes the first message that fits, and all before it. */
function take(wanted: unknown): boolean {
  const at = heard.findIndex((message) => fits(wanted, message));
  if (at >= 0) heard.splice(0, at + 1);
  return at >= 0;
}

async function until(isDone: () => boolean, ms: number): Promise<boolean> {
  const end = Date.now() + ms;
  while (!isDone()) {
    const left = end - Date.now();
    if (left <= 0) return false;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, left);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
  return true;
}

function fail(message: string): never {
  console.error(message);
  process.exit(1);
}
