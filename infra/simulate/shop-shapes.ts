// The curves that the simulated shop's metrics follow: calm most of the time, visibly wrong in an incident.
import type { Moment, Shape } from './shop-series.ts';

export const clamp = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value));
const stretch: Readonly<Record<string, number>> = { '0.5': 1, '0.9': 2.1, '0.99': 4.6 };

/** A latency that follows the load and jumps in an incident, the more the higher the quantile. */
export const latency =
  (base: number): Shape =>
  ({ wave, own, load, trouble, labels }: Moment) => {
    const tail = stretch[labels.quantile ?? ''] ?? 1.6;
    const calm = base * (0.7 + own * 0.6) * load * (1 + 0.12 * wave(30) + 0.06 * wave(3));
    return Math.max(base * 0.1, calm * tail * (1 + trouble * (1 + tail)));
  };
/** A share of 1 that falls in an incident. */
export const share =
  (usual: number): Shape =>
  ({ wave, own, trouble }) =>
    clamp(usual + (1 - usual) * 0.4 * (own - 0.5) + (1 - usual) * 0.25 * wave(25) - trouble * 0.35, 0, 1);
/** A small share of 1 that rises in an incident. */
export const faults =
  (usual: number): Shape =>
  ({ wave, own, trouble }) =>
    clamp(usual * (0.5 + own) * (1 + 0.5 * wave(20) + 0.2 * wave(4)) + trouble * 0.12, 0, 1);
export const level =
  (base: number, swing = 0.2): Shape =>
  ({ wave, own, load, trouble }) =>
    Math.max(0, base * (0.5 + own) * load * (1 + swing * wave(60) + (swing / 3) * wave(5) + trouble * 0.8));
export const whole =
  (shape: Shape): Shape =>
  (moment) => {
    const value = shape(moment);
    return value ? Math.round(value) : value;
  };
/** A queue: nearly empty, and filling up in an incident. */
export const queue =
  (base: number): Shape =>
  ({ wave, own, trouble }) =>
    Math.max(0, Math.round(base * (0.4 + own) * (1 + 0.6 * wave(15)) + trouble * base * 40));
