// What a client may say on the socket. One JSON text message each, in both subprotocols; anything else is answered
// with an error that names the field. `id` is chosen by the client and comes back in the answer.
import { z } from 'zod';
import { StepMs } from './history.ts';
import { MetricName } from './labels.ts';
import { Rate } from './rate.ts';
import { Topic } from './topic.ts';

export const REQUEST_ID_MAX = 2 ** 31 - 1;
export const NARROW_METRICS_MAX = 200;
export const HISTORY_SERIES_MAX = 2_000;
/** Longest client message in bytes. */
export const CLIENT_MESSAGE_MAX_BYTES = 64 * 1024;

const RequestId = z.number().int().min(1).max(REQUEST_ID_MAX);

/** Opens a subscription, or changes the rate or the metrics of the one that is open on this topic. */
export const Subscribe = z.strictObject({
  type: z.literal('subscribe'),
  id: RequestId,
  topic: Topic,
  rate: Rate.optional(),
  metrics: z.array(MetricName).min(1).max(NARROW_METRICS_MAX).optional(),
  resume: z.strictObject({ epoch: z.string().max(64), seq: z.number().int().min(0) }).optional(),
});
export const Unsubscribe = z.strictObject({ type: z.literal('unsubscribe'), id: RequestId, topic: Topic });
/** A replica found a gap or differs: send a new snapshot. */
export const Resync = z.strictObject({
  type: z.literal('resync'),
  id: RequestId,
  topic: Topic,
  why: z.enum(['gap', 'checksum', 'decode']),
});
/** Buckets of a topic in [from, to), epoch ms. Without `series`, every series that may be read. */
export const HistoryRequest = z.strictObject({
  type: z.literal('history'),
  id: RequestId,
  topic: Topic,
  from: z.number().int(),
  to: z.number().int(),
  stepMs: StepMs,
  series: z.array(z.number().int().min(0)).max(HISTORY_SERIES_MAX).optional(),
});
/** Turns the list of topics on or off: names, rates, last seen, what I may do. Sent at once, then once a second. */
export const WatchTopics = z.strictObject({ type: z.literal('watch_topics'), id: RequestId, isOn: z.boolean() });

export const ClientMessage = z.discriminatedUnion('type', [
  Subscribe,
  Unsubscribe,
  Resync,
  HistoryRequest,
  WatchTopics,
]);
export type ClientMessage = z.infer<typeof ClientMessage>;
