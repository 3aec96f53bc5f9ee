// What the gateway knows of its own source for one topic: is Kafka heard, and how far behind is the gateway.
import { z } from 'zod';

/**
 * `behind`: the newest handled record is over 3 s old with offsets left. `unreachable`: no answer from the broker.
 * `since` is server time (epoch ms) when this state began; `lagOffsets` are Kafka offsets not yet handled,
 * `lagMs` the age of the newest handled record while behind.
 */
export const Upstream = z.discriminatedUnion('state', [
  z.object({ state: z.literal('starting'), since: z.number() }),
  z.object({ state: z.literal('replaying'), since: z.number() }),
  z.object({ state: z.literal('live'), since: z.number() }),
  z.object({ state: z.literal('behind'), since: z.number(), lagOffsets: z.number(), lagMs: z.number() }),
  z.object({ state: z.literal('unreachable'), since: z.number() }),
]);
export type Upstream = z.infer<typeof Upstream>;
