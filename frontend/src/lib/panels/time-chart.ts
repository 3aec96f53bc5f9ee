// One time chart on one canvas: the only file that drives Chart.js. Promises that a draw costs one update without
// animation, that all charts of a page share a gutter, and that after `clear` the canvas holds no trace of what was.
import { Chart, type Scale } from 'chart.js';
import { formatClock, formatDay, formatMinute } from '../view/format-time.ts';
import { createRangeKeeper, tickDecimals, xTicks, type YRange, yTicks } from './axis.ts';
import type { ChartInput } from './chart-input.ts';
import type { Colors } from './colors.ts';
import { type AxisText, grouped, scaleFor } from './format-value.ts';
import { paintHatch, paintLag, paintSeries } from './paint-plot.ts';
import { createPolyline, extremesOf, type Plot, type Polyline, toPolyline } from './polyline.ts';
import { setPainter } from './stream-controller.ts';

export const GUTTER_PX = 48;
const AXIS_PX = 22;
const DPR_MAX = 2;
/** Room for the width of a line at the edges of the plot. */
const LINE_ROOM_PX = 2;
const SECONDS_UNDER_MS = 120_000;

export interface TimeChart {
  draw(input: ChartInput): void;
  /** Where the plot stands and what its edges mean, as last drawn. */
  plot(): Plot;
  /** The lines as last drawn, for the flags to keep clear of. */
  line(key: string): Polyline | undefined;
  lines(): readonly Polyline[];
  /** How the axis is written, as last drawn: its unit, and the decimals that tell its ticks apart. */
  axis(): AxisText;
  setColors(colors: Colors): void;
  clear(): void;
  stop(): void;
}

export function createTimeChart(canvas: HTMLCanvasElement, firstColors: Colors, now: () => number): TimeChart {
  let colors = firstColors;
  let input: ChartInput | null = null;
  let range: YRange = { min: 0, max: 1, step: 0.5 };
  let scale: { factor: number; text: string } = { factor: 1, text: '' };
  let plot: Plot = { left: GUTTER_PX, right: GUTTER_PX + 1, top: 0, bottom: 1, from: 0, to: 1, min: 0, max: 1 };
  let keeper = createRangeKeeper();
  const polylines = new Map<string, Polyline>();
  const font = { family: "'Inter Variable', system-ui, sans-serif", size: 12 };
  const color = (name: string) => () => colors.get(name) ?? '#888';

  const chart = new Chart(canvas, {
    type: 'stream',
    data: { datasets: [{ data: [] }] },
    options: {
      responsive: true,
      maintainAspectRatio: false,
      animation: false,
      events: [],
      normalized: true,
      devicePixelRatio: Math.min(globalThis.devicePixelRatio, DPR_MAX),
      layout: { padding: { top: 8, right: 1, bottom: 0, left: 0 } },
      plugins: { legend: { display: false }, tooltip: { enabled: false } },
      scales: {
        x: {
          type: 'linear',
          bounds: 'data',
          grid: { display: true, drawOnChartArea: false, drawTicks: true, tickLength: 3, color: color('axis') },
          border: { display: false },
          ticks: {
            autoSkip: false,
            maxRotation: 0,
            padding: 3,
            color: color('text-3'),
            font,
            callback: (value) => timeText(Number(value)),
          },
          afterDataLimits: (axis) => {
            axis.min = input?.from ?? 0;
            axis.max = input?.to ?? 1;
          },
          afterBuildTicks: (axis) => setTicks(axis, timeTicks(axis)),
          afterFit: (axis) => {
            axis.height = AXIS_PX;
            axis.paddingLeft = 0;
            axis.paddingRight = 0;
          },
        },
        y: {
          type: 'linear',
          bounds: 'data',
          grid: {
            drawTicks: false,
            color: (context) => colors.get(context.tick?.value === 0 ? 'axis' : 'grid') ?? '#888',
          },
          border: { display: false },
          ticks: {
            autoSkip: false,
            padding: 8,
            color: color('text-3'),
            font,
            callback: (value) => valueText(Number(value)),
          },
          afterDataLimits: (axis) => {
            axis.min = range.min / scale.factor;
            axis.max = range.max / scale.factor;
          },
          afterBuildTicks: (axis) =>
            setTicks(
              axis,
              yTicks(range).map((tick) => tick / scale.factor),
            ),
          afterFit: (axis) => {
            axis.width = GUTTER_PX;
          },
        },
      },
    },
  });
  setPainter(chart, paint);

  function timeTicks(axis: Scale): number[] {
    if (input === null) return [];
    const width = axis.width > 0 ? axis.width : canvas.clientWidth - GUTTER_PX;
    const { from, to, zone } = input;
    const isShort = to - from < SECONDS_UNDER_MS;
    const labelPx = isShort ? 54 : 36;
    const offset = zone === 'UTC' ? 0 : -new Date(to).getTimezoneOffset() * 60_000;
    const perPx = (to - from) / Math.max(1, width);
    // A label that would be cut off at the right edge is left out rather than moved.
    return xTicks(from, to, width, labelPx * 1.6, offset, isShort ? 0 : 60_000).filter(
      (time) => to - time >= (labelPx / 2) * perPx,
    );
  }

  function timeText(time: number): string {
    if (input === null) return '';
    const span = input.to - input.from;
    if (span < SECONDS_UNDER_MS) return formatClock(time, input.zone);
    const minute = formatMinute(time, input.zone);
    return span > 43_200_000 && minute === '00:00' ? formatDay(time, input.zone) : minute;
  }

  function valueText(value: number): string {
    return grouped(value * scale.factor, tickDecimals(range.step));
  }

  function paint(): void {
    if (input === null) return;
    const { ctx, chartArea } = chart;
    plot = {
      left: chartArea.left,
      right: chartArea.right,
      top: chartArea.top,
      bottom: chartArea.bottom,
      from: input.from,
      to: input.to,
      min: range.min / scale.factor,
      max: range.max / scale.factor,
    };
    // A line comes in from outside the range and leaves it: only what is inside is seen.
    ctx.save();
    ctx.beginPath();
    ctx.rect(
      plot.left,
      plot.top - LINE_ROOM_PX,
      plot.right - plot.left + LINE_ROOM_PX,
      plot.bottom - plot.top + 2 * LINE_ROOM_PX,
    );
    ctx.clip();
    for (const series of input.series) {
      let line = polylines.get(series.key);
      if (line === undefined) {
        line = createPolyline();
        polylines.set(series.key, line);
      }
      toPolyline(series.columns, plot, series.gapMs, line, series.emphasis === 'other' ? 3 : 1);
      paintSeries(ctx, series, line, plot, input, colors);
    }
    ctx.restore();
    if (input.hatchFrom !== null) paintHatch(ctx, plot, input.hatchFrom, colors);
    else if (input.lagFrom !== null) paintLag(ctx, plot, input.lagFrom, colors);
  }

  /** The step of the unit changes only when it reads badly: 0.98 s and 1.02 s are not worth a new axis. */
  function chooseScale(next: ChartInput, low: number, high: number): void {
    const size = Math.max(Math.abs(low), Math.abs(high));
    if (!Number.isFinite(size) && scale.text !== '') return;
    const read = size * scale.factor;
    const isWithin = next.unit.ladder.some((step) => step.text === scale.text) && read >= 0.5 && read < 10_000;
    if (isWithin) return;
    const better = scaleFor(next.unit, size);
    if (better.factor !== scale.factor) keeper = createRangeKeeper();
    scale = better;
  }

  function draw(next: ChartInput): void {
    input = next;
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    for (const series of next.series) {
      const extremes = extremesOf(series.columns, next.from, next.to);
      low = Math.min(low, extremes.low);
      high = Math.max(high, extremes.high);
    }
    chooseScale(next, low, high);
    const height = Math.max(1, canvas.clientHeight - AXIS_PX - 8);
    range = keeper.next(low * scale.factor, high * scale.factor, height, now());
    const known = new Set(next.series.map((series) => series.key));
    for (const key of polylines.keys()) if (!known.has(key)) polylines.delete(key);
    chart.update('none');
  }

  return {
    draw,
    plot: () => plot,
    line: (key) => polylines.get(key),
    lines: () => [...polylines.values()],
    axis: () => ({ unit: scale.text, factor: scale.factor, decimals: tickDecimals(range.step) }),
    setColors(next) {
      colors = next;
    },
    clear() {
      input = null;
      polylines.clear();
      chart.clear();
    },
    stop() {
      chart.destroy();
    },
  };
}

function setTicks(axis: Scale, values: readonly number[]): void {
  axis.ticks = values.map((value) => ({ value }));
}
