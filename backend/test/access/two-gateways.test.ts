import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTwoGateways } from '../../bench/two-gateways.ts';

let gateways: Awaited<ReturnType<typeof startTwoGateways>>;
beforeAll(async () => {
  gateways = await startTwoGateways();
});
afterAll(() => gateways?.stop());

describe('a grant that is revoked with psql', () => {
  it('ends delivery on another gateway within 250 ms, and not a frame comes after the word that it ended', async () => {
    for (let round = 0; round < 8; round++) {
      const { framesBefore, framesAfter, lastFrameMs } = await gateways.revokeOnce();
      expect(framesBefore).toBeGreaterThan(0);
      expect(framesAfter).toBe(0);
      expect(lastFrameMs).toBeLessThan(250);
    }
  });
});
