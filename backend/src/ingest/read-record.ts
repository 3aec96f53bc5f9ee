// What JSON gave becomes samples: one object, a list, or an object with `samples` whose other fields are defaults. Each
// sample of a batch stands for itself: a bad one is rejected with its index and the others go on.
import { parseDurationMs } from '@tidewatch/schemas/duration';
import type { Labels } from '@tidewatch/schemas/labels';
import { BATCH_MAX_SAMPLES, type RecordSample } from '@tidewatch/schemas/record';
import type { Sample } from '../metrics/sample.ts';
import { checkSample, isObject } from './check-sample.ts';
import { describe, type Fault, fault, shorten } from './fault.ts';
import type { Reject } from './reject.ts';
import { parseTime, timeReason } from './sample-time.ts';

/** Rejects of one record that are written out; the rest of them are only counted. */
export const REJECTS_PER_RECORD_MAX = 20;
const EMITTER_SHOWN_MAX_CHARS = 200;

/** What the record says about all its samples. */
export interface Envelope {
  readonly topic: string;
  /** Stands in for a missing `time`; -1 where the record has none. */
  readonly timestamp: number;
  readonly arrival: number;
  /** The text held no escape that could stand for half a surrogate pair: its strings need not be looked through. */
  readonly isWellFormed?: boolean;
}

export interface Decoded {
  readonly samples: Sample[];
  /** At most REJECTS_PER_RECORD_MAX of them. */
  readonly rejects: Reject[];
  /** All of them. */
  rejectedCount: number;
}

export function readRecord(json: unknown, envelope: Envelope): Decoded {
  const decoded: Decoded = { samples: [], rejects: [], rejectedCount: 0 };
  if (Array.isArray(json)) readBatch(json, undefined, envelope, decoded);
  else if (!isObject(json))
    reject(decoded, fault('record', `expected an object or a list of them, received ${describe(json)}`), null, json);
  else if (Object.hasOwn(json, 'samples')) {
    const { samples, ...defaults } = json;
    if (Array.isArray(samples)) readBatch(samples, defaults, envelope, decoded);
    else reject(decoded, fault('samples', `expected a list of samples, received ${describe(samples)}`), null, json);
  } else readSample(json, null, envelope, decoded);
  return decoded;
}

export function reject(decoded: Decoded, { field, reason }: Fault, index: number | null, from: unknown): void {
  decoded.rejectedCount++;
  if (decoded.rejects.length >= REJECTS_PER_RECORD_MAX) return;
  decoded.rejects.push({ field, reason, index, emitter: emitterOf(from) });
}

function emitterOf(from: unknown): string | null {
  const emitter = isObject(from) ? from.emitter : undefined;
  return typeof emitter === 'string' && emitter !== '' ? emitter.slice(0, EMITTER_SHOWN_MAX_CHARS) : null;
}

type Defaults = Readonly<Record<string, unknown>> | undefined;

function readBatch(batch: readonly unknown[], defaults: Defaults, envelope: Envelope, decoded: Decoded): void {
  if (batch.length > BATCH_MAX_SAMPLES) {
    const reason = `${batch.length} samples, limit is ${BATCH_MAX_SAMPLES}; split the batch`;
    reject(decoded, fault('samples', reason), null, defaults);
    return;
  }
  const hasDefaults = defaults !== undefined && Object.keys(defaults).length > 0;
  for (let index = 0; index < batch.length; index++)
    readSample(hasDefaults ? withDefaults(batch[index], defaults) : batch[index], index, envelope, decoded);
}

/** A sample's own fields win; labels are put together name by name. */
function withDefaults(sample: unknown, defaults: Readonly<Record<string, unknown>>): unknown {
  if (!isObject(sample)) return sample;
  const whole: Record<string, unknown> = { ...defaults, ...sample };
  if (isObject(defaults.labels) && isObject(sample.labels)) whole.labels = { ...defaults.labels, ...sample.labels };
  return whole;
}

function readSample(json: unknown, index: number | null, envelope: Envelope, decoded: Decoded): void {
  const read = sampleOf(json, envelope);
  if ('reason' in read) reject(decoded, read, index, json);
  else decoded.samples.push(read);
}

/** What is wrong with one sample that arrives now without a timestamp of its own, or null. */
export function sampleFault(json: unknown, now: number): Fault | null {
  const read = sampleOf(json, { topic: '', timestamp: now, arrival: now });
  return 'reason' in read ? read : null;
}

function sampleOf(json: unknown, envelope: Envelope): Sample | Fault {
  const found = checkSample(json);
  if (found !== null) return found;
  const sample = json as RecordSample;
  const isEnded = sample.ended === true;
  if (sample.value === undefined && !isEnded) return fault('value', 'missing; write null for alive without a value');
  const broken = envelope.isWellFormed === true ? undefined : brokenText(sample);
  if (broken !== undefined) return fault(broken, 'holds half of a surrogate pair: no Unicode text');
  const time = timeOf(sample.time, envelope);
  const reason = timeReason(time, envelope.arrival);
  if (reason !== undefined) return fault('time', reason);
  return {
    topic: envelope.topic,
    metric: sample.metric,
    labels: labelsOf(sample.labels),
    time,
    value: sample.value ?? null,
    arrival: envelope.arrival,
    kind: sample.kind ?? 'gauge',
    unit: sample.unit,
    intervalMs: sample.interval === undefined ? undefined : intervalOf(sample.interval),
    description: sample.description,
    emitter: sample.emitter,
    isEnded,
  };
}

const NO_LABELS: Labels = Object.freeze({});

function labelsOf(labels: Labels | undefined): Labels {
  if (labels === undefined) return NO_LABELS;
  if (!Object.hasOwn(labels, '__proto__')) return labels;
  // A name that objects cannot hold safely; the schema leaves it out as well.
  return Object.fromEntries(Object.entries(labels).filter(([name]) => name !== '__proto__'));
}

function timeOf(time: number | string | undefined, { timestamp, arrival }: Envelope): number {
  if (typeof time === 'number') return time;
  if (time !== undefined) return parseTime(time) ?? arrival;
  return timestamp >= 0 ? timestamp : arrival;
}

/** A text that no encoding can carry would come out as another one, and two series as one. */
function brokenText({ metric, labels, unit, description, emitter }: RecordSample): string | undefined {
  if (!metric.isWellFormed()) return 'metric';
  if (unit?.isWellFormed() === false) return 'unit';
  if (description?.isWellFormed() === false) return 'description';
  if (emitter?.isWellFormed() === false) return 'emitter';
  if (labels !== undefined)
    for (const name in labels)
      if (!name.isWellFormed() || labels[name]?.isWellFormed() === false) return `labels.${shorten(name)}`;
  return undefined;
}

/** Declared intervals that are remembered: few are ever used, and reading one costs more than finding it. */
const INTERVALS_MAX = 1_000;
const intervals = new Map<string, number | null>();

function intervalOf(text: string): number | null {
  const known = intervals.get(text);
  if (known !== undefined) return known;
  if (intervals.size >= INTERVALS_MAX) intervals.clear();
  const interval = text === 'sparse' ? null : (parseDurationMs(text) ?? null);
  intervals.set(text, interval);
  return interval;
}
