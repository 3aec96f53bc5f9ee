// Where the browser of the browser tests is: CHROMIUM_PATH, a Chromium of the machine, a Playwright download, else the
// one inside the npm package @sparticuz/chromium, unpacked once into the cache together with the libraries it needs.
import { execFileSync } from 'node:child_process';
import { createReadStream, createWriteStream, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { brotliDecompressSync, createBrotliDecompress } from 'node:zlib';
import { chromium } from 'playwright';
import { cacheDir } from './cache-dir.ts';

export interface BrowserToLaunch {
  executablePath: string;
  /** The whole environment for the browser's process, and for no other: it names the browser's own libraries. */
  env: Record<string, string>;
  args: string[];
}

const packed = join(import.meta.dirname, '../../node_modules/@sparticuz/chromium');
const PACKED_VERSION = '153.0.0';
const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export async function chromiumPath(): Promise<BrowserToLaunch> {
  const env = process.env as Record<string, string>;
  const given = process.env.CHROMIUM_PATH;
  if (given) return { executablePath: given, env, args };
  const found = ['/usr/bin/chromium', chromium.executablePath()].find((path) => existsSync(path));
  if (found) return { executablePath: found, env, args };
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error('No Chromium was found: name one in CHROMIUM_PATH.');
  }
  const dir = await cacheDir(`chromium-${PACKED_VERSION}`, unpack);
  const fontsConf = `<fontconfig><dir prefix="relative">.</dir><cachedir>${join(tmpdir(), 'tidewatch-fonts')}</cachedir></fontconfig>`;
  if (!existsSync(join(dir, 'fonts/here.conf'))) writeFileSync(join(dir, 'fonts/here.conf'), fontsConf);
  const libraries = [join(dir, 'lib'), process.env.LD_LIBRARY_PATH].filter(Boolean).join(':');
  // On a machine without fonts of its own text would not be drawn at all.
  const fonts = existsSync('/usr/share/fonts') ? {} : { FONTCONFIG_FILE: join(dir, 'fonts/here.conf') };
  return { executablePath: join(dir, 'chromium'), env: { ...env, LD_LIBRARY_PATH: libraries, ...fonts }, args };
}

async function unpack(dir: string): Promise<void> {
  for (const [archive, into] of [
    ['al2023', '.'],
    ['swiftshader', '.'],
    ['fonts', 'fonts'],
  ] as const) {
    mkdirSync(join(dir, into), { recursive: true });
    const tar = brotliDecompressSync(readFileSync(join(packed, 'bin', `${archive}.tar.br`)));
    execFileSync('tar', ['-x', '-C', join(dir, into)], { input: tar, stdio: ['pipe', 'ignore', 'pipe'] });
  }
  const binary = createWriteStream(join(dir, 'chromium'), { mode: 0o755 });
  await pipeline(createReadStream(join(packed, 'bin/chromium.br')), createBrotliDecompress(), binary);
}
