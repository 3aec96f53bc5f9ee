// Paints the inside of a plot: lines, the fill of a single one, hatch, lag, dots of lone points and ended series.
// A rule of the design a function; knows a 2D context and nothing of charts.
import type { ChartInput, ChartSeries } from './chart-input.ts';
import { type Colors, withAlpha } from './colors.ts';
import type { Plot, Polyline } from './polyline.ts';

const HATCH_TILE = 6;
/** Radius of a point that stands alone. */
const LONE_DOT = 1.75;

type Context = CanvasRenderingContext2D;

export function paintSeries(
  ctx: Context,
  series: ChartSeries,
  line: Polyline,
  plot: Plot,
  input: ChartInput,
  colors: Colors,
): void {
  const { points, length } = line;
  if (length === 0) return;
  const color = lineColor(series, input, colors);
  const path = new Path2D();
  const dots: [number, number][] = [];
  let isDown = false;
  for (let at = 0; at < length; at++) {
    const x = points[2 * at] as number;
    const y = points[2 * at + 1] as number;
    if (Number.isNaN(y)) {
      isDown = false;
      continue;
    }
    if (isDown) path.lineTo(x, y);
    else {
      path.moveTo(x, y);
      const next = points[2 * at + 3];
      if (at + 1 >= length || next === undefined || Number.isNaN(next)) dots.push([x, y]);
    }
    isDown = true;
  }
  if (input.isSingle) fillUnder(ctx, line, plot, withAlpha(color, isLight(colors) ? 0.06 : 0.08));
  ctx.strokeStyle = color;
  ctx.lineWidth = series.emphasis === 'other' ? 1 : series.emphasis === 'full' ? (input.isSingle ? 1.75 : 2) : 1.25;
  ctx.lineJoin = 'round';
  ctx.lineCap = 'round';
  ctx.stroke(path);
  ctx.fillStyle = color;
  for (const [x, y] of dots) {
    ctx.beginPath();
    ctx.arc(x, y, LONE_DOT, 0, 2 * Math.PI);
    ctx.fill();
  }
  if (series.isEnded) hollowDot(ctx, points[2 * length - 2] as number, points[2 * length - 1] as number, color, colors);
}

export function lineColor(series: ChartSeries, input: ChartInput, colors: Colors): string {
  const get = (name: string) => colors.get(name) ?? '#888';
  if (series.emphasis === 'other') return withAlpha(get('text-3'), 0.35);
  const { full, rest, isOrdered } = series.color;
  if (input.isOffline) return get(isOrdered ? (rest === 'o5' ? 'o4' : rest) : full === 's1' ? 'r1' : rest);
  if (series.emphasis === 'full') return get(isOrdered ? 'o5' : full);
  return get(rest);
}

/** Down to the bottom edge, stroke by stroke: a gap has no fill either. */
function fillUnder(ctx: Context, { points, length }: Polyline, plot: Plot, color: string): void {
  ctx.fillStyle = color;
  let start = -1;
  for (let at = 0; at <= length; at++) {
    const isPoint = at < length && !Number.isNaN(points[2 * at + 1] as number);
    if (isPoint && start < 0) start = at;
    if (isPoint || start < 0) continue;
    ctx.beginPath();
    ctx.moveTo(points[2 * start] as number, plot.bottom);
    for (let i = start; i < at; i++) ctx.lineTo(points[2 * i] as number, points[2 * i + 1] as number);
    ctx.lineTo(points[2 * at - 2] as number, plot.bottom);
    ctx.fill();
    start = -1;
  }
}

function hollowDot(ctx: Context, x: number, y: number, color: string, colors: Colors): void {
  if (Number.isNaN(y)) return;
  ctx.beginPath();
  ctx.arc(x, y, 4, 0, 2 * Math.PI);
  ctx.fillStyle = colors.get('panel') ?? '#000';
  ctx.fill();
  ctx.lineWidth = 1.5;
  ctx.strokeStyle = color;
  ctx.stroke();
}

/** What is not known is hatched, from the last sample to the right edge, opened by a thin line. */
export function paintHatch(ctx: Context, plot: Plot, from: number, colors: Colors): void {
  const x = Math.max(plot.left, Math.round(xOf(plot, from)));
  if (x >= plot.right - 1) return;
  ctx.save();
  ctx.beginPath();
  ctx.rect(x, plot.top, plot.right - x, plot.bottom - plot.top);
  ctx.clip();
  ctx.strokeStyle = colors.get('hatch') ?? '#888';
  ctx.lineWidth = 1.2;
  ctx.beginPath();
  const height = plot.bottom - plot.top;
  // Anchored to the canvas, so that the pattern stands still while its edge moves.
  const step = HATCH_TILE * Math.SQRT2;
  for (let at = Math.floor((x - height) / step) * step; at < plot.right; at += step) {
    ctx.moveTo(at, plot.bottom);
    ctx.lineTo(at + height, plot.top);
  }
  ctx.stroke();
  ctx.restore();
  if (x > plot.left) verticalLine(ctx, plot, x, withAlpha(colors.get('text-2') ?? '#888', 0.7));
}

/** Late samples: a line at the newest, and a band from it to now. */
export function paintLag(ctx: Context, plot: Plot, from: number, colors: Colors): void {
  const x = Math.max(plot.left, Math.round(xOf(plot, from)));
  if (x >= plot.right) return;
  ctx.fillStyle = colors.get('lag-band') ?? '#888';
  ctx.fillRect(x, plot.top, plot.right - x, plot.bottom - plot.top);
  if (x > plot.left) verticalLine(ctx, plot, x, colors.get('warn') ?? '#888');
}

function verticalLine(ctx: Context, plot: Plot, x: number, color: string): void {
  ctx.strokeStyle = color;
  ctx.lineWidth = 1;
  ctx.beginPath();
  ctx.moveTo(x + 0.5, plot.top);
  ctx.lineTo(x + 0.5, plot.bottom);
  ctx.stroke();
}

export function xOf(plot: Plot, time: number): number {
  return plot.left + ((time - plot.from) / (plot.to - plot.from)) * (plot.right - plot.left);
}

/** Light panels have a luminous panel colour; asked of the colour itself, so that nobody has to be told the theme. */
function isLight(colors: Colors): boolean {
  return /\(2\d\d/.test(colors.get('panel') ?? '');
}
