// GET /api/history: buckets of a topic in [from, to), in columns. The same answer as on the socket, as JSON; null in a
// column: alive, and no value. Needs the right `history`.
import { z } from 'zod';
import { StepMs } from './history.ts';
import { HISTORY_SERIES_MAX } from './message-client.ts';
import { Topic } from './topic.ts';

export const HistoryParams = z.object({
  topic: Topic,
  /** Epoch ms. */
  from: z.coerce.number().int(),
  to: z.coerce.number().int(),
  stepMs: z.coerce.number().pipe(StepMs).default(1_000),
  /** Ids with commas between; left out: every series that may be read. */
  series: z
    .string()
    .regex(/^\d+(,\d+)*$/, 'series are ids with commas between, such as 0,3,7')
    .transform((text) => text.split(',').map(Number))
    .pipe(z.array(z.number().int().min(0)).max(HISTORY_SERIES_MAX))
    .optional(),
});

const column = z.array(z.number().nullable());
export const HistoryAnswer = z.object({
  topic: Topic,
  epoch: z.string(),
  seq: z.number(),
  stepMs: StepMs,
  from: z.number(),
  to: z.number(),
  completeFrom: z.number(),
  series: z.array(z.object({ id: z.number(), time: z.array(z.number()), last: column, min: column, max: column })),
});
export type HistoryAnswer = z.infer<typeof HistoryAnswer>;
