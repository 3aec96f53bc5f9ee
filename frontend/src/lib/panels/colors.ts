// The tokens as a canvas can use them: resolved colours by name, read from the page once a theme, since a canvas knows
// no custom properties.

const NAMES = [
  'panel text text-2 text-3 accent crit warn grid axis crosshair hatch lag-band',
  's1 s2 s3 s4 s5 s6 s7 s8 r1 r2 r3 r4 r5 r6 r7 r8 o1 o2 o3 o4 o5',
].flatMap((names) => names.split(' '));

export type Colors = ReadonlyMap<string, string>;

export function readColors(host: HTMLElement = document.body): Colors {
  const probe = document.createElement('span');
  probe.style.display = 'none';
  host.append(probe);
  const colors = new Map<string, string>();
  for (const name of NAMES) {
    probe.style.color = `var(--${name})`;
    colors.set(name, getComputedStyle(probe).color);
  }
  probe.remove();
  return colors;
}

/** A resolved colour with another opacity. */
export function withAlpha(color: string, alpha: number): string {
  const parts = /rgba?\(([\d.]+),\s*([\d.]+),\s*([\d.]+)/.exec(color);
  return parts === null ? color : `rgba(${parts[1]}, ${parts[2]}, ${parts[3]}, ${alpha})`;
}
