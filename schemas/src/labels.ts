// Labels of a series and the key that identifies it. Two label sets that differ only in order are one.
import { z } from 'zod';

export const LABELS_MAX = 32;
export const LABEL_NAME_MAX_CHARS = 120;
export const LABEL_VALUE_MAX_CHARS = 1_024;
export const METRIC_MAX_CHARS = 300;

export const LabelName = z.string().min(1, 'a label name is not empty').max(LABEL_NAME_MAX_CHARS);
export const Labels = z
  .record(LabelName, z.string().max(LABEL_VALUE_MAX_CHARS))
  .refine((labels) => Object.keys(labels).length <= LABELS_MAX, `a series has at most ${LABELS_MAX} labels`);
export type Labels = Readonly<Record<string, string>>;

export const MetricName = z.string().min(1, 'a metric name is not empty').max(METRIC_MAX_CHARS);

/**
 * One string a series within its topic: the metric, then the labels by name. A separator that labels cannot
 * hold unescaped keeps two different sets from ever sharing a key.
 */
export function seriesKey(metric: string, labels: Labels): string {
  const names = Object.keys(labels);
  if (names.length === 0) return metric;
  if (names.length > 1) names.sort();
  let key = escapePart(metric);
  for (const name of names) key += `\u0000${escapePart(name)}\u0001${escapePart(labels[name] ?? '')}`;
  return key;
}

function escapePart(part: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these two are the separators
  return /[\u0000-\u0002]/.test(part) ? part.replace(/[\u0000-\u0002]/g, (c) => `\u0002${c.charCodeAt(0)}`) : part;
}
