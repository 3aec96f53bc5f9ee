// Documents say only what is true: every command they show exists, every file they link to is there, and the settings
// they list are the settings there are.
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { SETTINGS } from '../../../backend/src/config.ts';

const root = join(import.meta.dirname, '../../..');
const documents = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', ...globSync('docs/**/*.md', { cwd: root })];
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

test.each(documents)('%s shows only commands that exist', (document) => {
  const text = readFileSync(join(root, document), 'utf8');
  for (const [, name = ''] of text.matchAll(/npm run ([a-z][a-z:-]*)/g)) expect(Object.keys(scripts)).toContain(name);
});

test.each(documents)('%s links only to files that are there', (document) => {
  const text = readFileSync(join(root, document), 'utf8');
  for (const [, target = ''] of text.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)) {
    if (/^[a-z]+:/.test(target)) continue;
    expect(existsSync(join(root, dirname(document), target)), target).toBe(true);
  }
});

test('every script runs a file that is there', () => {
  for (const [name, command] of Object.entries(scripts as Record<string, string>)) {
    for (const file of command.match(/\S+\.(ts|mjs)/g) ?? []) expect(existsSync(join(root, file)), name).toBe(true);
  }
});

test('docs/OPERATIONS.md lists every setting with its default', () => {
  const text = readFileSync(join(root, 'docs/OPERATIONS.md'), 'utf8');
  for (const name of Object.keys(SETTINGS)) expect(text, name).toContain(`\`${name}\``);
});
