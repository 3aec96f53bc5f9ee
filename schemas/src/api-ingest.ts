// POST /api/ingest: what became of the samples. A batch is not all or nothing: what is right is taken, what is not is
// named by its place. The body is `IngestBody` in record.ts.
import { z } from 'zod';
import { ApiError } from './api-error.ts';

export const IngestReject = z.object({
  /** Place in `samples`; 0 for a single sample. */
  index: z.number(),
  /** `value`, `labels.region`, or `record`. */
  field: z.string(),
  /** What is wrong and how to mend it. */
  message: z.string(),
});
export type IngestReject = z.infer<typeof IngestReject>;
export const IngestAnswer = z.object({ accepted: z.number(), rejected: z.array(IngestReject) });
export type IngestAnswer = z.infer<typeof IngestAnswer>;
/** Nothing was taken: 400, with the same list. */
export const IngestRefusal = ApiError.extend({ rejected: z.array(IngestReject).optional() });
