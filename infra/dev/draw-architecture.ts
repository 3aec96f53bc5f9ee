// Draws the rooms of the code and the imports between them, as the Mermaid picture in docs/ARCHITECTURE.md.
// `npm run draw` writes it; a test holds the document to what the imports say.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cruise, type ICruiseResult } from 'dependency-cruiser';
import extractOptions from 'dependency-cruiser/config-utl/extract-depcruise-options';

const root = join(import.meta.dirname, '../..');
const document = join(root, 'docs/ARCHITECTURE.md');
const BEGIN = '<!-- picture: npm run draw -->';
const END = '<!-- end of picture -->';

/** Rooms in the order of the data's way. `infra` stands beside it and is left out: it starts things, nothing imports it. */
const HOUSES = {
  backend: [
    'ingest',
    'metrics',
    'checks',
    'publish',
    'session',
    'socket',
    'access',
    'store',
    'http',
    'telemetry',
    'app',
  ],
  frontend: ['connection', 'live', 'view', 'panels', 'dashboards', 'admin', 'auth', 'shell', 'ui', 'routes'],
} as const;

/** `backend.metrics`, `frontend.panels`, `schemas`; undefined for what the picture does not show. */
export function roomOf(path: string): string | undefined {
  if (path.startsWith('schemas/src/')) return 'schemas';
  const backend = /^backend\/src\/(?:([a-z-]+)\/|(?:main|app|http-server|config)\.ts)/.exec(path);
  if (backend !== null) return `backend.${backend[1] ?? 'app'}`;
  const frontend = /^frontend\/src\/(?:lib\/([a-z-]+)\/|routes\/)/.exec(path);
  if (frontend !== null) return `frontend.${frontend[1] ?? 'routes'}`;
  return undefined;
}

/** Every pair of rooms where a file of the first imports one of the second. */
export async function readArrows(): Promise<Set<string>> {
  const options = await extractOptions(join(root, '.dependency-cruiser.mjs'));
  const { output } = await cruise(['backend/src', 'frontend/src', 'schemas/src'], { ...options, baseDir: root });
  const arrows = new Set<string>();
  for (const module of (output as ICruiseResult).modules) {
    const from = roomOf(module.source);
    for (const { resolved } of module.dependencies) {
      const to = roomOf(resolved);
      if (from !== undefined && to !== undefined && from !== to && to !== 'schemas') arrows.add(`${from} --> ${to}`);
    }
  }
  return arrows;
}

export function drawPicture(arrows: ReadonlySet<string>): string {
  const rooms = new Set([...arrows].flatMap((arrow) => arrow.split(' --> ')));
  const lines = ['```mermaid', 'flowchart LR'];
  for (const [house, names] of Object.entries(HOUSES)) {
    lines.push(`  subgraph ${house}`);
    for (const name of names) if (rooms.has(`${house}.${name}`)) lines.push(`    ${house}.${name}[${name}]`);
    lines.push('  end');
  }
  const order = Object.entries(HOUSES).flatMap(([house, names]) => names.map((name) => `${house}.${name}`));
  const rank = (arrow: string) => {
    const [from = '', to = ''] = arrow.split(' --> ');
    return order.indexOf(from) * 100 + order.indexOf(to);
  };
  for (const arrow of [...arrows].sort((a, b) => rank(a) - rank(b))) lines.push(`  ${arrow}`);
  lines.push('```');
  return lines.join('\n');
}

/** The picture that stands in the document now. */
export function readPicture(): string {
  const text = readFileSync(document, 'utf8');
  return text.slice(text.indexOf(BEGIN) + BEGIN.length, text.indexOf(END)).trim();
}

if (import.meta.main) {
  const text = readFileSync(document, 'utf8');
  const picture = drawPicture(await readArrows());
  writeFileSync(
    document,
    `${text.slice(0, text.indexOf(BEGIN) + BEGIN.length)}\n\n${picture}\n\n${text.slice(text.indexOf(END))}`,
  );
}
