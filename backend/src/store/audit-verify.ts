// `npm run audit:verify`: checks every seal of the audit log against its rows and the key that lies outside the database.
// Prints what it found; ends with 0 where everything holds, 1 where something was changed, 2 where it could not look.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { keepSealKey, sealKey, verifyAudit } from './audit-seal.ts';

const { DATABASE_URL, AUDIT_KEY, DATA_DIR = './data' } = process.env;

async function main(): Promise<number> {
  if (!DATABASE_URL) return complain('Set DATABASE_URL to the database that holds the audit log.');
  const path = join(DATA_DIR, 'audit-key');
  if (!AUDIT_KEY && !existsSync(path))
    return complain(`There is no key: set AUDIT_KEY, or DATA_DIR to where ${path} is.`);
  const key = AUDIT_KEY ? sealKey(Buffer.from(AUDIT_KEY, 'base64')) : keepSealKey(path);
  const client = new pg.Client({ connectionString: DATABASE_URL, application_name: 'audit-verify' });
  try {
    await client.connect();
    const { isWhole, seals, sealedRows, unsealedRows, faults } = await verifyAudit(client, key);
    for (const fault of faults) console.log(`CHANGED  ${fault}`);
    console.log(
      `${isWhole ? 'Whole' : 'NOT WHOLE'}: ${sealedRows} rows under ${seals} seals, ${unsealedRows} newer ones not sealed yet.`,
    );
    return isWhole ? 0 : 1;
  } catch (error) {
    return complain(error instanceof Error ? error.message : String(error));
  } finally {
    await client.end().catch(() => {});
  }
}

function complain(text: string): number {
  console.error(text);
  return 2;
}

process.exit(await main());
