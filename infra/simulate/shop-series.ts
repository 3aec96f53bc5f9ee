// How the simulated shop describes a metric: a family of series over some labels, with a shape in time.
import { chance, incident, seedOf, wave } from './noise.ts';

/** What a shape may look at: the moment, the series' own constant, its curves, the load and the trouble it is in. */
export interface Moment {
  /** Epoch seconds. */
  s: number;
  /** This series' own number in [0, 1). */
  own: number;
  /** A smooth curve in [-1, 1] of this series. */
  wave(periodS: number): number;
  /** About 1: how busy the shop is, the same for all. */
  load: number;
  /** 0 to 1: how hard an incident of this topic hits this series. */
  trouble: number;
  labels: Readonly<Record<string, string>>;
}

/** null: alive, no value. undefined: nothing is said at this moment. */
export type Shape = (moment: Moment) => number | null | undefined;

export interface Family {
  metric: string;
  kind: 'gauge' | 'counter';
  unit: string;
  description: string;
  labels: Readonly<Record<string, readonly string[]>>;
  shape: Shape;
  everyS: number;
  isSparse: boolean;
}

export interface ShopTopic {
  topic: string;
  emitter: string;
  families: Family[];
}

type More = { everyS?: number; isSparse?: boolean };

export function gauge(
  metric: string,
  unit: string,
  description: string,
  labels: Family['labels'],
  shape: Shape,
  { everyS = 1, isSparse = false }: More = {},
): Family {
  return { metric, kind: 'gauge', unit, description, labels, shape, everyS, isSparse };
}

const RESTART_S = 6 * 3600;

/** Counts from the start of a process that restarts every few hours, or every `livesS`. */
export function counter(
  metric: string,
  unit: string,
  description: string,
  labels: Family['labels'],
  perSecond: number,
  livesS: number = RESTART_S,
): Family {
  // The closed form of a rate that wanders by at most 0.8: the slopes of the waves add up to less than 1.
  const shape: Shape = ({ s, own, wave }) => {
    const lived = (s + own * livesS) % livesS;
    const wander = wave(40) * 6 + wave(9) * 0.9;
    return Math.max(0, Math.floor(perSecond * (0.4 + own) * (lived + wander + 6.9)));
  };
  return { metric, kind: 'counter', unit, description, labels, shape, everyS: 1, isSparse: false };
}

/** One line of a family. */
export interface ShopSeries {
  family: Family;
  labels: Readonly<Record<string, string>>;
  valueAt(s: number): number | null | undefined;
}

export function seriesOf(family: Family, topicSeed: number): ShopSeries[] {
  return combinations(family.labels).map((labels) => {
    const seed = seedOf(family.metric + JSON.stringify(labels), topicSeed);
    const own = chance(seed, 0);
    return {
      family,
      labels,
      valueAt(s) {
        const { strength, id } = incident(topicSeed, s);
        const isHit = chance(seed, id) < 0.4;
        const value = family.shape({
          s,
          own,
          wave: (periodS) => wave(seed + periodS, s, periodS),
          load: 1 + 0.25 * Math.sin((s / 86_400) * 2 * Math.PI) + 0.1 * wave(topicSeed, s, 90),
          trouble: strength * (isHit ? 1 : 0.08),
          labels,
        });
        return value ? Number(value.toPrecision(family.kind === 'counter' ? 15 : 5)) : value;
      },
    };
  });
}

function combinations(labels: Family['labels']): Record<string, string>[] {
  let sets: Record<string, string>[] = [{}];
  for (const [name, values] of Object.entries(labels)) {
    sets = sets.flatMap((set) => values.map((value) => ({ ...set, [name]: value })));
  }
  return sets;
}
