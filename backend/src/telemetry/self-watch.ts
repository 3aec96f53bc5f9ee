// Tidewatch watching itself: once a second the counters of all stages become samples of the topic `status.gateway`,
// on the same path as everybody's, and text for Prometheus when it asks. The newest readings are shared, so that a
// scrape does not disturb the second's own reading.
import { Gauge, Registry } from 'prom-client';
import type { Clock } from '../clock.ts';
import { type Reading, readStages, type Stages } from './stage-counters.ts';

export const SELF_TOPIC = 'status.gateway';
const PERIOD_MS = 1_000;

export interface SelfWatchOptions {
  readonly clock: Clock;
  readonly stages: Stages;
  /** Takes the readings of one second into metrics. */
  readonly onReadings: (readings: readonly Reading[], at: number) => void;
}

export interface SelfWatch {
  /** The last second in the Prometheus text format. */
  prometheus(): Promise<string>;
  readonly contentType: string;
  stop(): void;
}

export function createSelfWatch({ clock, stages, onReadings }: SelfWatchOptions): SelfWatch {
  const registry = new Registry();
  const gauges = new Map<string, Gauge>();
  const read = () => {
    const readings = readStages(stages);
    for (const { name, value } of readings) gaugeOf(name).set(value);
    onReadings(readings, clock.now());
  };
  const gaugeOf = (name: string): Gauge => {
    let gauge = gauges.get(name);
    if (gauge === undefined) {
      gauge = new Gauge({ name: `tidewatch_${name}`, help: name.replaceAll('_', ' '), registers: [registry] });
      gauges.set(name, gauge);
    }
    return gauge;
  };
  const timer = clock.every(PERIOD_MS, read);
  return { prometheus: () => registry.metrics(), contentType: registry.contentType, stop: () => timer.stop() };
}
