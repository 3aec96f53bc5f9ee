// What a source hands on, all the way into metrics: routed, decoded, taken or rejected, and every outcome counted.
import type { Metrics, Refusal } from '../metrics/metrics.ts';
import { decodeRecord } from './decode-record.ts';
import type { Quarantine } from './quarantine.ts';
import type { Route } from './route.ts';
import type { SourceRecord } from './source.ts';

export interface Intake {
  take(records: readonly SourceRecord[]): void;
  stats(): Readonly<Record<string, number>>;
}

export interface IntakeOptions {
  readonly route: Route;
  readonly metrics: Metrics;
  readonly quarantine: Quarantine;
  /** Called once a topic and batch, after its samples were taken. */
  readonly onTaken: (topic: string) => void;
}

export function createIntake({ route, metrics, quarantine, onTaken }: IntakeOptions): Intake {
  let records = 0;
  let samples = 0;
  let refused = 0;
  let unrouted = 0;

  const takeOne = (record: SourceRecord, touched: Set<string>): void => {
    const topic = route.topicOf(record.kafkaTopic);
    if (topic === null) {
      unrouted += 1;
      return;
    }
    const decoded = decodeRecord(record, topic);
    if (decoded.rejectedCount > 0) quarantine.put(topic, record, decoded);
    for (const sample of decoded.samples) {
      const outcome = metrics.take(sample);
      if (outcome === 'taken') samples += 1;
      else refuse(topic, record, outcome, sample.emitter ?? null);
    }
    if (decoded.samples.length > 0) touched.add(topic);
  };

  const refuse = (topic: string, record: SourceRecord, why: Refusal, emitter: string | null): void => {
    refused += 1;
    const reject = { index: null, field: 'labels', reason: REFUSED[why], emitter };
    quarantine.put(topic, record, { rejects: [reject], rejectedCount: 1 });
  };

  return {
    take(batch) {
      const touched = new Set<string>();
      for (const record of batch) takeOne(record, touched);
      records += batch.length;
      for (const topic of touched) onTaken(topic);
    },
    stats: () => ({
      records_total: records,
      samples_total: samples,
      refused_total: refused,
      unrouted_total: unrouted,
      ...quarantine.stats(),
    }),
  };
}

const REFUSED = {
  series_per_topic_max: 'one series too many for this topic; use fewer label values, or raise SERIES_PER_TOPIC_MAX',
  series_max: 'one series too many for this gateway; use fewer label values, or raise SERIES_MAX',
  history_max_bytes: 'no memory is left for the history of a new series; raise HISTORY_MAX_BYTES',
} as const;
