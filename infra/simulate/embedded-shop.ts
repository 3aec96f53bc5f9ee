// The simulated shop of the try-out: hands its records straight to the gateway's embedded source, the past fifteen minutes
// first, so that no chart is empty on the first look. Nothing is handed over after `stop`.
import { createShop, type ShopRecord } from './shop.ts';

const PAST_MS = 15 * 60_000;
const SLICE_MS = 5_000;
const BEAT_MS = 100;

export function startShop(options: { feed: (records: ShopRecord[]) => void; log: (line: string) => void }): {
  stop(): void;
} {
  const shop = createShop({ seed: 1 });
  let sent = Date.now() - PAST_MS;
  let next: NodeJS.Immediate | NodeJS.Timeout | undefined;
  const beat = (): void => {
    const now = Date.now();
    // What a machine slept through beyond the past that is shown stays a gap.
    sent = Math.max(sent, now - PAST_MS);
    // The past in slices, so that the gateway answers in between.
    const until = Math.min(now, sent + SLICE_MS);
    options.feed(shop.recordsBetween(sent, until));
    sent = until;
    next = until < now ? setImmediate(beat) : setTimeout(beat, BEAT_MS);
  };
  beat();
  options.log(`A simulated shop sends ${shop.seriesCount} series in ${shop.topics.length} topics.`);
  return {
    stop() {
      clearImmediate(next as NodeJS.Immediate);
      clearTimeout(next as NodeJS.Timeout);
    },
  };
}
