// One decoded measurement, as ingest hands it on: parsed and within limits, trusted from here.
import type { Labels } from '@tidewatch/schemas/labels';
import type { SeriesKind } from '@tidewatch/schemas/series';

export interface Sample {
  readonly topic: string;
  readonly metric: string;
  readonly labels: Labels;
  /** Sample time, epoch ms. */
  readonly time: number;
  /** null: alive, and no value. Never NaN or infinite. Of a counter: cumulative. */
  readonly value: number | null;
  /** When it reached the gateway, epoch ms; of a replayed record, its Kafka timestamp. */
  readonly arrival: number;
  readonly kind: SeriesKind;
  readonly unit?: string | undefined;
  /** Declared cadence, ms; null: sparse; undefined: not declared. */
  readonly intervalMs?: number | null | undefined;
  readonly description?: string | undefined;
  readonly emitter?: string | undefined;
  /** The emitter says that the series is over. */
  readonly isEnded: boolean;
}
