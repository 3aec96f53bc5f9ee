// One line of a topic: metric and label set, with what the emitter says of it. Ids are dense from 0 within an epoch
// and never used twice in it.
import { z } from 'zod';
import { LabelName, MetricName } from './labels.ts';

export const SERIES_KINDS = ['gauge', 'counter'] as const;
/** A counter is cumulative where it is emitted; everything after the gateway sees its rate a second. */
export type SeriesKind = (typeof SERIES_KINDS)[number];

export const SeriesDef = z.object({
  id: z.number().int().min(0),
  metric: MetricName,
  labels: z.record(LabelName, z.string()),
  kind: z.enum(SERIES_KINDS),
  /** As emitted: UCUM where it is UCUM, shown as written where it is not. Of a counter: the unit before "a second". */
  unit: z.string(),
  description: z.string(),
  /** Declared or learned cadence, ms; null: sparse, never stale. 0: not known yet. */
  intervalMs: z.number().min(0).nullable(),
  isIntervalDeclared: z.boolean(),
  /** Who emits it, as the record names itself; empty where it does not. */
  emitter: z.string(),
});
export type SeriesDef = z.infer<typeof SeriesDef>;
