// Paints the crosshair of one panel on its overlay: line, dots, flags, time. A crosshair that moves costs the charts
// under it nothing.

import type { Colors } from './colors.ts';
import { withAlpha } from './colors.ts';
import { FLAG_HEIGHT, type Place } from './flags.ts';
import type { Plot } from './polyline.ts';

export interface FlagText {
  readonly key: string;
  readonly name: string;
  readonly value: string;
  readonly x: number;
  readonly y: number;
  readonly color: string;
}

const FONT = "600 12px 'Inter Variable', system-ui, sans-serif";
const NAME_FONT = "400 12px 'Inter Variable', system-ui, sans-serif";
const CHIP_HEIGHT = 18;

type Context = CanvasRenderingContext2D;

/** Width that a flag needs: its edge, the name where there is one, the value. */
export function flagWidth(ctx: Context, flag: FlagText): number {
  ctx.font = NAME_FONT;
  const name = flag.name === '' ? 0 : ctx.measureText(flag.name).width + 6;
  ctx.font = FONT;
  return Math.ceil(6 + name + ctx.measureText(flag.value).width + 4);
}

export function paintCrosshair(
  ctx: Context,
  plot: Plot,
  x: number,
  time: string | null,
  flags: readonly FlagText[],
  places: readonly Place[],
  colors: Colors,
): void {
  const get = (name: string) => colors.get(name) ?? '#888';
  ctx.strokeStyle = withAlpha(get('crosshair'), time === null ? 0.55 : 0.95);
  ctx.lineWidth = 1;
  ctx.beginPath();
  ctx.moveTo(Math.round(x) + 0.5, plot.top);
  ctx.lineTo(Math.round(x) + 0.5, plot.bottom);
  ctx.stroke();
  for (const flag of flags) {
    ctx.beginPath();
    ctx.arc(flag.x, flag.y, 4.5, 0, 2 * Math.PI);
    ctx.fillStyle = get('panel');
    ctx.fill();
    ctx.beginPath();
    ctx.arc(flag.x, flag.y, 3.5, 0, 2 * Math.PI);
    ctx.fillStyle = flag.color;
    ctx.fill();
  }
  for (const place of places) {
    const flag = flags.find((f) => f.key === place.key);
    if (flag !== undefined) paintFlag(ctx, flag, place, colors);
  }
  if (time !== null) paintChip(ctx, plot, x, time, colors);
}

function paintFlag(ctx: Context, flag: FlagText, place: Place, colors: Colors): void {
  const get = (name: string) => colors.get(name) ?? '#888';
  const { left, top, width, isRight } = place;
  ctx.fillStyle = withAlpha(get('panel'), 0.9);
  ctx.beginPath();
  ctx.roundRect(left, top, width, FLAG_HEIGHT, 2);
  ctx.fill();
  ctx.fillStyle = flag.color;
  ctx.fillRect(isRight ? left : left + width - 2, top + 2, 2, FLAG_HEIGHT - 4);
  ctx.textBaseline = 'middle';
  ctx.textAlign = 'left';
  const middle = top + FLAG_HEIGHT / 2 + 0.5;
  let at = left + (isRight ? 6 : 4);
  if (flag.name !== '') {
    ctx.font = NAME_FONT;
    ctx.fillStyle = get('text-2');
    ctx.fillText(flag.name, at, middle);
    at += ctx.measureText(flag.name).width + 6;
  }
  ctx.font = FONT;
  ctx.fillStyle = get('text');
  ctx.fillText(flag.value, at, middle);
}

function paintChip(ctx: Context, plot: Plot, x: number, time: string, colors: Colors): void {
  ctx.font = FONT;
  const width = Math.ceil(ctx.measureText(time).width) + 10;
  const left = Math.min(Math.max(x - width / 2, 0), plot.right - width + 1);
  ctx.fillStyle = colors.get('crosshair') ?? '#888';
  ctx.beginPath();
  ctx.roundRect(left, plot.bottom + 3, width, CHIP_HEIGHT, 4);
  ctx.fill();
  ctx.fillStyle = colors.get('panel') ?? '#000';
  ctx.textBaseline = 'middle';
  ctx.textAlign = 'center';
  ctx.fillText(time, left + width / 2, plot.bottom + 3 + CHIP_HEIGHT / 2 + 0.5);
}
