// `npm run bench -- [names] [--json]`: measures and prints a table, or with --json one object on stdout and nothing
// else. A name is a whole row (fanout.cpu) or a group (fanout); none means all. Ends with 1 where a bar does not hold.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Bench, BenchRow } from './bench-row.ts';

/** Groups in the order they run: what is exact first, what needs a quiet machine after, a browser last. */
const GROUPS = ['wire', 'codec', 'access', 'memory', 'fanout', 'path', 'ingest', 'browser'] as const;
const PLACES = [import.meta.dirname, join(import.meta.dirname, '../../frontend/bench')];

async function loadBench(group: string): Promise<Bench | undefined> {
  const file = PLACES.map((place) => join(place, `${group}.ts`)).find((path) => existsSync(path));
  if (file === undefined) return undefined;
  const { bench } = (await import(pathToFileURL(file).href)) as { bench: Bench };
  return bench;
}

function wantedOf(bench: Bench, group: string, asked: readonly string[]): Set<string> {
  return new Set(bench.names.filter((name) => asked.length === 0 || asked.includes(group) || asked.includes(name)));
}

function table(rows: readonly BenchRow[]): string {
  const head = ['name', 'value', 'unit', 'control', 'ratio', 'bar', 'holds'];
  const cells = rows.map((row) => [
    row.name,
    String(row.value),
    row.unit,
    row.control === null ? '' : String(row.control),
    row.ratio === null ? '' : String(row.ratio),
    row.bar ?? '',
    row.bar === null ? '' : row.holds ? 'yes' : 'NO',
  ]);
  const widths = head.map((title, at) => Math.max(title.length, ...cells.map((row) => (row[at] ?? '').length)));
  return [head, ...cells]
    .map((row) =>
      row
        .map((cell, at) => cell.padEnd(widths[at] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

async function main(args: readonly string[]): Promise<number> {
  const isJson = args.includes('--json');
  const asked = args.filter((arg) => arg !== '--json');
  const say = (text: string) => process.stderr.write(`${text}\n`);
  const known = new Set<string>();
  const rows: BenchRow[] = [];
  const runs: (() => Promise<void>)[] = [];
  for (const group of GROUPS) {
    const bench = await loadBench(group);
    if (bench === undefined) continue;
    known.add(group);
    for (const name of bench.names) known.add(name);
    const wanted = wantedOf(bench, group, asked);
    if (wanted.size > 0)
      runs.push(async () => {
        say(`${[...wanted].join(', ')} ...`);
        rows.push(...(await bench.run(wanted, say)));
      });
  }
  const unknown = asked.filter((name) => !known.has(name));
  if (unknown.length > 0) {
    say(`There is no bench ${unknown.join(', ')}. There are: ${[...known].join(', ')}.`);
    return 2;
  }
  for (const run of runs) await run();
  process.stdout.write(isJson ? `${JSON.stringify({ rows })}\n` : `${table(rows)}\n`);
  return rows.every((row) => row.holds) ? 0 : 1;
}

process.exit(await main(process.argv.slice(2)));
