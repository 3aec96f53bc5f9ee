// Chance that can be asked again: every value is a function of a seed and a time, so that a simulator that was restarted
// says the same about the same moment, and counters never fall.

/** A number in [0, 1) for a pair of integers. */
export function chance(seed: number, n: number): number {
  let h = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(n | 0, 0xc2b2ae35);
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d);
  h = Math.imul(h ^ (h >>> 12), 0x297a2d39);
  return ((h ^ (h >>> 15)) >>> 0) / 2 ** 32;
}

export function seedOf(text: string, seed = 0): number {
  let h = seed | 0;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return h;
}

/** A smooth curve through a random point in [-1, 1] every `periodS` seconds; its slope is at most pi / periodS. */
export function wave(seed: number, s: number, periodS: number): number {
  const at = s / periodS;
  const n = Math.floor(at);
  const ease = (1 - Math.cos((at - n) * Math.PI)) / 2;
  const [from, to] = [chance(seed, n) * 2 - 1, chance(seed, n + 1) * 2 - 1];
  return from + (to - from) * ease;
}

const SLOT_S = 540;
const RISE_S = 6;

export interface Incident {
  /** 0 none, 1 at its worst: up within seconds, down within a minute or two. */
  strength: number;
  /** Which incident it is, to choose whom it hits. */
  id: number;
}

/** About every second slot of nine minutes has an incident somewhere in it. */
export function incident(seed: number, s: number): Incident {
  const slot = Math.floor(s / SLOT_S);
  const id = seed ^ slot;
  if (chance(id, 1) < 0.5) return { strength: 0, id };
  const began = slot * SLOT_S + 30 + chance(id, 2) * (SLOT_S - 240);
  const since = s - began;
  if (since < 0) return { strength: 0, id };
  const fade = 25 + chance(id, 3) * 40;
  const height = 0.4 + chance(id, 4) * 0.6;
  const strength = since < RISE_S ? (since / RISE_S) * height : height * Math.exp(-(since - RISE_S) / fade);
  return { strength: strength < 0.01 ? 0 : strength, id };
}
