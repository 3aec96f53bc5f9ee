// Which width of bucket a range is drawn from: one tier a chart, the finest that still covers where the range begins.
import { type StepMs, TIERS } from '@tidewatch/schemas/history';

/** Slack for the way a range takes from the address to the screen. */
const SLACK_MS = 5_000;

export function stepFor(from: number, now: number): StepMs {
  const back = now - from - SLACK_MS;
  return (TIERS.find((tier) => tier.spanMs >= back) ?? TIERS[TIERS.length - 1] ?? TIERS[0]).stepMs;
}
