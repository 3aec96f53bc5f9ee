// The epoch that a selection's receivers are told: the topic's own, and which selection it is of. So a client that
// comes back after its scope or its metrics changed starts over, instead of going on with series that are not its own.
import { type Selection, selectionKey } from '@tidewatch/schemas/scope';

export function streamEpoch(epoch: string, selection: Selection): string {
  const key = selectionKey(selection);
  return key === 'all' ? epoch : `${epoch}.${hash(key, 0x811c9dc5)}${hash(key, 0x9747b28c)}`;
}

/** FNV-1a over UTF-16 units, 32 bits. */
function hash(text: string, seed: number): string {
  let sum = seed;
  for (let at = 0; at < text.length; at++) sum = Math.imul(sum ^ text.charCodeAt(at), 0x01000193);
  return (sum >>> 0).toString(36);
}
