// The simulated shop of the try-out: hands its records straight to the gateway's embedded source, the past fifteen minutes
// first, so that no chart is empty on the first look.
import { setImmediate as breathe } from 'node:timers/promises';
import { createShop, type ShopRecord } from './shop.ts';

const PAST_MS = 15 * 60_000;
const SLICE_MS = 5_000;
const BEAT_MS = 100;

export async function startShop(options: {
  feed: (records: ShopRecord[]) => void;
  log: (line: string) => void;
}): Promise<{ stop(): void }> {
  const shop = createShop({ seed: 1 });
  let sent = Date.now() - PAST_MS;
  // In slices, so that the gateway answers in between.
  while (Date.now() - sent > SLICE_MS) {
    options.feed(shop.recordsBetween(sent, sent + SLICE_MS));
    sent += SLICE_MS;
    await breathe();
  }
  const beat = setInterval(() => {
    const now = Date.now();
    // A machine that slept sends what is recent; the rest stays a gap.
    const from = Math.max(sent, now - PAST_MS);
    options.feed(shop.recordsBetween(from, now));
    sent = now;
  }, BEAT_MS);
  options.log(`A simulated shop sends ${shop.seriesCount} series in ${shop.topics.length} topics.`);
  return { stop: () => clearInterval(beat) };
}
