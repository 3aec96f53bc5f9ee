// The overlay of one plot: turns the shared crosshair into a line, dots and flags on this panel. Keeps where its flags
// stood, so that they do not jump while the pointer moves.
import type { CrosshairStore } from '../view/crosshair.ts';
import { formatClock } from '../view/format-time.ts';
import type { ChartInput } from './chart-input.ts';
import type { Colors } from './colors.ts';
import { type FlagText, flagWidth, paintCrosshair } from './crosshair-layer.ts';
import { placeFlags } from './flags.ts';
import { formatOnAxis, formatValueText } from './format-value.ts';
import { END_LABELS_MAX } from './metric-lines.ts';
import type { MetricPanel } from './metric-panel.svelte.ts';
import { lineColor, xOf } from './paint-plot.ts';
import type { Plot } from './polyline.ts';
import type { TimeChart } from './time-chart.ts';

const DPR_MAX = 2;
/** Places of flags are thought over anew this often. */
const CHOOSE_EVERY_MS = 1_000;

export interface PlotOverlay {
  paint(chart: TimeChart, input: ChartInput, colors: Colors): void;
}

export function createPlotOverlay(
  canvas: HTMLCanvasElement,
  id: string,
  panel: MetricPanel,
  crosshair: CrosshairStore,
): PlotOverlay {
  let slots = new Map<string, number>();
  let chosenAt = 0;

  function context(): CanvasRenderingContext2D {
    const ratio = Math.min(devicePixelRatio, DPR_MAX);
    const width = Math.round(canvas.clientWidth * ratio);
    const height = Math.round(canvas.clientHeight * ratio);
    if (canvas.width !== width) canvas.width = width;
    if (canvas.height !== height) canvas.height = height;
    const ctx = canvas.getContext('2d') as CanvasRenderingContext2D;
    ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    ctx.clearRect(0, 0, canvas.clientWidth, canvas.clientHeight);
    return ctx;
  }

  /** Up to four lines all say their value; of more, only the one that is pointed at, with its name. */
  function flagsAt(time: number, chart: TimeChart, input: ChartInput, colors: Colors): FlagText[] {
    const isAmongMany = panel.lines.top.length > END_LABELS_MAX;
    const lines = isAmongMany ? panel.shown.filter((line) => line.key === panel.pointed) : panel.shown;
    const plot = chart.plot();
    return lines.flatMap((line) => {
      const { value, time: at } = panel.valueAt(line, time);
      const series = input.series.find((s) => s.key === line.key);
      if (Number.isNaN(value) || series === undefined) return [];
      const text = isAmongMany
        ? formatValueText(value, panel.unitCode, panel.isRate)
        : formatOnAxis(value, chart.axis());
      const color = lineColor({ ...series, emphasis: 'full' }, { ...input, isOffline: false }, colors);
      return [
        {
          key: line.key,
          name: isAmongMany ? line.name : '',
          value: text,
          x: xOf(plot, at),
          y: yOf(plot, value),
          color,
        },
      ];
    });
  }

  return {
    paint(chart, input, colors) {
      const ctx = context();
      const { time, panel: source, isPinned } = crosshair.get();
      const plot = chart.plot();
      if (time === null || time < plot.from || time > plot.to) return;
      const x = xOf(plot, time);
      const flags = flagsAt(time, chart, input, colors);
      const dots = flags.map((flag) => ({ key: flag.key, x, y: flag.y, width: flagWidth(ctx, flag) }));
      const isTimeToChoose = performance.now() - chosenAt > CHOOSE_EVERY_MS;
      if (isTimeToChoose) chosenAt = performance.now();
      const places = placeFlags(dots, chart.lines(), plot, [], isTimeToChoose ? new Map() : slots);
      slots = new Map(places.map((place) => [place.key, place.slot]));
      const said = source === id || isPinned ? formatClock(time, input.zone) : null;
      paintCrosshair(ctx, plot, x, said, flags, places, colors);
    },
  };
}

export function yOf(plot: Plot, value: number): number {
  return plot.bottom - ((value - plot.min) / (plot.max - plot.min)) * (plot.bottom - plot.top);
}
