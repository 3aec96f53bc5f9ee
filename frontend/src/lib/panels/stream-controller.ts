// The chart type of live lines. Chart.js owns axes, layout and resizing; the lines are painted straight from columns,
// without an element a point. Chart.js's public way to add a chart type.
import { Chart, type ChartComponentLike, DatasetController, LinearScale, PointElement } from 'chart.js';

/** Paints the inside of one chart. Kept beside the chart, since Chart.js copies what it is given as options. */
const painters = new WeakMap<Chart, () => void>();

declare module 'chart.js' {
  interface ChartTypeRegistry {
    stream: {
      chartOptions: object;
      datasetOptions: object;
      defaultDataPoint: number;
      metaExtensions: object;
      parsedDataType: { x: number; y: number };
      scales: 'linear';
    };
  }
}

class StreamController extends DatasetController {
  static id = 'stream';
  // Chart.js asks for an element type; with no data there is never an element of it.
  static defaults = { datasetElementType: false, dataElementType: 'point' };
  static overrides = { scales: { x: { type: 'linear' }, y: { type: 'linear' } } };

  override parse(): void {}
  override update(): void {}
  override reset(): void {}
  override getMinMax(): { min: number; max: number } {
    return { min: 0, max: 1 };
  }
  override draw(): void {
    painters.get(this.chart)?.();
  }
}

Chart.register(LinearScale, PointElement, StreamController as unknown as ChartComponentLike);

export function setPainter(chart: Chart, paint: () => void): void {
  painters.set(chart, paint);
}
