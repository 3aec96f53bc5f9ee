// The epoch that a stream's receivers are told: the topic's own, and of which selection and width of buckets it is. So
// a client that comes back after its scope, its metrics or its width changed starts over, instead of going on with
// series that are not its own or with buckets that cannot be compared.
import { type Selection, selectionKey } from '@tidewatch/schemas/scope';

const STEP_MS_FINEST = 1_000;

export function streamEpoch(epoch: string, selection: Selection, stepMs: number): string {
  const key = selectionKey(selection);
  const width = stepMs === STEP_MS_FINEST ? '' : `.${stepMs}`;
  return key === 'all' ? `${epoch}${width}` : `${epoch}${width}.${hash(key, 0x811c9dc5)}${hash(key, 0x9747b28c)}`;
}

/** FNV-1a over UTF-16 units, 32 bits. */
function hash(text: string, seed: number): string {
  let sum = seed;
  for (let at = 0; at < text.length; at++) sum = Math.imul(sum ^ text.charCodeAt(at), 0x01000193);
  return (sum >>> 0).toString(36);
}
