// Where the command-line tools find a gateway and what they show it: TIDEWATCH_URL and TIDEWATCH_TOKEN, else the gateway
// of `npm start` and the token that its demo leaves in data/demo-token.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const demoToken = join(process.env.DATA_DIR || join(import.meta.dirname, '../../data'), 'demo-token');

export function gatewayUrl(): string {
  return process.env.TIDEWATCH_URL || `http://localhost:${process.env.PORT || 8080}`;
}

/** Ends the process with a sentence where there is none. */
export function gatewayToken(): string {
  if (process.env.TIDEWATCH_TOKEN) return process.env.TIDEWATCH_TOKEN;
  if (existsSync(demoToken)) return readFileSync(demoToken, 'utf8').trim();
  console.error(`No token: set TIDEWATCH_TOKEN, or start the demo, which leaves one in ${demoToken}.`);
  process.exit(1);
}
