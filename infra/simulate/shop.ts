// A shop of services that does not exist: what its emitters would have sent in a stretch of time. Promises: the same
// answer for the same seed and times, whoever asks and how often; records in order of time, a batch an emitter and second.
import { chance, seedOf } from './noise.ts';
import { badRecord, experiment, isSilent } from './shop-oddities.ts';
import { gauge, type ShopSeries, type ShopTopic, seriesOf } from './shop-series.ts';
import { shopTopics } from './shop-topics.ts';

export interface ShopRecord {
  topic: string;
  emitter: string;
  /** JSON, but for the records that are meant not to decode. */
  value: string;
  /** Epoch ms. */
  time: number;
}

export interface Shop {
  topics: string[];
  seriesCount: number;
  /** Everything sent in (fromMs, toMs]. */
  recordsBetween(fromMs: number, toMs: number): ShopRecord[];
}

interface Emitter {
  topic: string;
  name: string;
  /** When in its second it sends, so that not all send at once. */
  phaseMs: number;
  seed: number;
  series: ShopSeries[];
}

export interface ShopOptions {
  seed: number;
  /** How many topics; those beyond the shop's own are clones of it in other sites. Default: all of its own. */
  topicCount?: number;
  /** Exactly as many series in each topic, filled up with pods or cut off. Default: as they are. */
  seriesPerTopic?: number;
}

export function createShop({ seed, topicCount, seriesPerTopic }: ShopOptions): Shop {
  const topics = chooseTopics(topicCount ?? shopTopics.length);
  const emitters = topics.flatMap((topic) => emittersOf(topic, seed, seriesPerTopic));
  return {
    topics: topics.map(({ topic }) => topic),
    seriesCount: emitters.reduce((sum, { series }) => sum + series.length, 0),
    recordsBetween(fromMs, toMs) {
      const records: ShopRecord[] = [];
      for (const emitter of emitters) {
        const first = Math.floor((fromMs - emitter.phaseMs) / 1000) + 1;
        const last = Math.floor((toMs - emitter.phaseMs) / 1000);
        for (let s = first; s <= last; s++) if (!isSilent(emitter.name, s)) records.push(...recordsOf(emitter, s));
      }
      return records.sort((a, b) => a.time - b.time);
    },
  };
}

function chooseTopics(count: number): ShopTopic[] {
  return Array.from({ length: count }, (_, i) => {
    const own = shopTopics[i % shopTopics.length] as ShopTopic;
    const site = Math.floor(i / shopTopics.length);
    return site === 0 ? own : { ...own, topic: `${own.topic}.site${site}`, emitter: `${own.emitter}-site${site}` };
  });
}

function emittersOf({ topic, emitter, families }: ShopTopic, seed: number, wanted?: number): Emitter[] {
  const topicSeed = seedOf(topic, seed);
  const make = (name: string, series: ShopSeries[]): Emitter => {
    const own = seedOf(name, topicSeed);
    return { topic, name, phaseMs: Math.floor(chance(own, 0) * 1000), seed: own, series };
  };
  const own = families.flatMap((family) => seriesOf(family, topicSeed));
  if (wanted !== undefined) return [make(emitter, [...own, ...pods(wanted - own.length, topicSeed)].slice(0, wanted))];
  if (emitter !== 'gps-north') return [make(emitter, own)];
  const south = families.map((family) => ({ ...family, labels: { city: ['munich', 'ulm'] } }));
  return [
    make(emitter, own),
    make(
      'gps-south',
      south.flatMap((family) => seriesOf(family, topicSeed)),
    ),
  ];
}

function pods(count: number, seed: number): ShopSeries[] {
  if (count <= 0) return [];
  const names = Array.from({ length: count }, (_, i) => `pod-${String(i).padStart(2, '0')}`);
  const busy = gauge('pod_cpu_ratio', '1', 'Share of CPU in use', { pod: names }, ({ own, wave, trouble }) =>
    Math.min(1, Math.max(0, 0.15 + own * 0.4 + 0.1 * wave(15) + 0.04 * wave(2) + trouble * 0.4)),
  );
  return seriesOf(busy, seed);
}

function recordsOf(emitter: Emitter, s: number): ShopRecord[] {
  const { topic, name, series } = emitter;
  const time = s * 1000 + emitter.phaseMs;
  const samples: object[] = [];
  for (const { family, labels, valueAt } of series) {
    if (s % family.everyS !== 0) continue;
    const value = valueAt(s);
    if (value === undefined) continue;
    const { metric, unit, kind, description } = family;
    samples.push({ metric, value, labels, unit, kind, interval: intervalOf(family), description });
  }
  samples.push(...experiment(name, s, 0.7 + 0.2 * chance(emitter.seed, s)));
  const records: ShopRecord[] = [];
  if (samples.length > 0)
    records.push({ topic, emitter: name, value: JSON.stringify({ time, emitter: name, samples }), time });
  const bad = badRecord(name, s);
  if (bad !== null) records.push({ topic, emitter: name, value: bad, time });
  return records;
}

const intervalOf = ({ isSparse, everyS }: ShopSeries['family']): string => (isSparse ? 'sparse' : `${everyS}s`);
