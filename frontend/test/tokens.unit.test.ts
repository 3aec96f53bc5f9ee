// The colours as they stand in app.css, held to the design: readable text, series that stand out from their panel, and
// series that people with any colour vision tell apart.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

type Rgb = readonly [number, number, number];
const css = readFileSync(new URL('../src/app.css', import.meta.url), 'utf8');
const tokens = new Map(
  [...css.matchAll(/--([a-z0-9-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);/g)].map(
    ([, name, light, dark]) => [name as string, { light: light as string, dark: dark as string }] as const,
  ),
);
const themes = ['dark', 'light'] as const;
const token = (name: string, theme: 'dark' | 'light'): string => {
  const found = tokens.get(name);
  if (found === undefined) throw new Error(`app.css has no opaque token --${name}`);
  return found[theme];
};

const rgbOf = (hex: string): Rgb => [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255) as never;
const toLinear = (v: number) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
const linearOf = (hex: string): Rgb => rgbOf(hex).map(toLinear) as never;
const luminance = ([r, g, b]: Rgb) => 0.2126 * r + 0.7152 * g + 0.0722 * b;
function contrast(a: string, b: string): number {
  const [x, y] = [luminance(linearOf(a)), luminance(linearOf(b))].sort((p, q) => q - p) as [number, number];
  return (x + 0.05) / (y + 0.05);
}

// Machado, Oliveira and Fernandes 2009, severity 1, on linear RGB.
const SIGHT: Record<string, readonly Rgb[]> = {
  normal: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protan: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deutan: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritan: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};
const clamp = (v: number) => Math.min(1, Math.max(0, v));
const seen = (hex: string, sight: string): Rgb => {
  const rgb = linearOf(hex);
  return (SIGHT[sight] as Rgb[]).map((row) => clamp(row[0] * rgb[0] + row[1] * rgb[1] + row[2] * rgb[2])) as never;
};

function labOf([r, g, b]: Rgb): Rgb {
  const f = (t: number) => (t > 216 / 24389 ? Math.cbrt(t) : (24389 / 27) * (t / 116) + 16 / 116);
  const x = f((0.4124564 * r + 0.3575761 * g + 0.1804375 * b) / 0.95047);
  const y = f(0.2126729 * r + 0.7151522 * g + 0.072175 * b);
  const z = f((0.0193339 * r + 0.119192 * g + 0.9503041 * b) / 1.08883);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

function ciede2000([l1, a1, b1]: Rgb, [l2, a2, b2]: Rgb): number {
  const rad = Math.PI / 180;
  const meanC = (Math.hypot(a1, b1) + Math.hypot(a2, b2)) / 2;
  const g = 0.5 * (1 - Math.sqrt(meanC ** 7 / (meanC ** 7 + 25 ** 7)));
  const [p1, p2] = [a1 * (1 + g), a2 * (1 + g)];
  const [c1, c2] = [Math.hypot(p1, b1), Math.hypot(p2, b2)];
  const hue = (b: number, p: number) => (b === 0 && p === 0 ? 0 : (Math.atan2(b, p) / rad + 360) % 360);
  const [h1, h2] = [hue(b1, p1), hue(b2, p2)];
  let dh = c1 * c2 === 0 ? 0 : h2 - h1;
  if (dh > 180) dh -= 360;
  if (dh < -180) dh += 360;
  const dH = 2 * Math.sqrt(c1 * c2) * Math.sin((dh / 2) * rad);
  const [l, c] = [(l1 + l2) / 2, (c1 + c2) / 2];
  let h = h1 + h2;
  if (c1 * c2 !== 0) h = Math.abs(h1 - h2) <= 180 ? h / 2 : h < 360 ? (h + 360) / 2 : (h - 360) / 2;
  const t =
    1 -
    0.17 * Math.cos((h - 30) * rad) +
    0.24 * Math.cos(2 * h * rad) +
    0.32 * Math.cos((3 * h + 6) * rad) -
    0.2 * Math.cos((4 * h - 63) * rad);
  const sl = 1 + (0.015 * (l - 50) ** 2) / Math.sqrt(20 + (l - 50) ** 2);
  const [sc, sh] = [1 + 0.045 * c, 1 + 0.015 * c * t];
  const rt = -2 * Math.sqrt(c ** 7 / (c ** 7 + 25 ** 7)) * Math.sin(60 * rad * Math.exp(-(((h - 275) / 25) ** 2)));
  const [L, C, H] = [(l2 - l1) / sl, (c2 - c1) / sc, dH / sh];
  return Math.sqrt(L * L + C * C + H * H + rt * C * H);
}

function worstPair(names: readonly string[], theme: 'dark' | 'light'): number {
  let worst = Number.POSITIVE_INFINITY;
  for (const sight of Object.keys(SIGHT)) {
    const labs = names.map((name) => labOf(seen(token(name, theme), sight)));
    for (const [at, a] of labs.entries()) for (const b of labs.slice(at + 1)) worst = Math.min(worst, ciede2000(a, b));
  }
  return worst;
}

const eight = (letter: string) => Array.from({ length: 8 }, (_, at) => `${letter}${at + 1}`);
const five = ['o1', 'o2', 'o3', 'o4', 'o5'];

describe.each(themes)('in the %s theme', (theme) => {
  test('text is readable on every surface: 4.5 : 1', () => {
    for (const text of ['text', 'text-2', 'text-3', 'accent', 'crit', 'warn', 'ok']) {
      for (const surface of ['page', 'panel', 'raised', 'sunken']) {
        expect(contrast(token(text, theme), token(surface, theme)), `${text} on ${surface}`).toBeGreaterThanOrEqual(
          4.5,
        );
      }
    }
    expect(contrast(token('on-accent', theme), token('accent', theme))).toBeGreaterThanOrEqual(4.5);
  });

  test('controls, series and lines at rest stand out from the panel: 3 : 1', () => {
    for (const name of ['control', 'crosshair', ...eight('s'), ...eight('r'), ...five]) {
      expect(contrast(token(name, theme), token('panel', theme)), name).toBeGreaterThanOrEqual(3);
    }
  });

  test('series are told apart with any colour vision: CIEDE2000 of 12', () => {
    expect(worstPair(eight('s'), theme)).toBeGreaterThanOrEqual(12);
    expect(worstPair(eight('r'), theme)).toBeGreaterThanOrEqual(12);
  });

  test('ordered series rise in contrast, and neighbours differ with any colour vision', () => {
    const rising = five.map((name) => contrast(token(name, theme), token('panel', theme)));
    for (let at = 1; at < 5; at++) {
      expect(rising[at]).toBeGreaterThan(rising[at - 1] as number);
      expect(worstPair([five[at - 1] as string, five[at] as string], theme)).toBeGreaterThanOrEqual(7);
    }
  });
});

test('the distance is the published one', () => {
  // Sharma, Wu and Dalal 2005, pairs 1 and 25.
  expect(ciede2000([50, 2.6772, -79.7751], [50, 0, -82.7485])).toBeCloseTo(2.0425, 3);
  expect(ciede2000([60.2574, -34.0099, 36.2677], [60.4626, -34.1751, 39.4387])).toBeCloseTo(1.2644, 3);
});
