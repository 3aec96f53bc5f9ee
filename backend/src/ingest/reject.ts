// One sample, or one whole record, that did not decode: which field, what is wrong, and where in its batch it stood.
import type { Fault } from './fault.ts';

export interface Reject extends Fault {
  /** Place within a batch from 0; null where the whole record is meant. */
  readonly index: number | null;
  /** Who emitted it, where the record says so. */
  readonly emitter: string | null;
}

/** `sample 3, value: expected number, received string "NaN"; write null for no value` */
export function rejectText({ index, field, reason }: Reject): string {
  return index === null ? `${field}: ${reason}` : `sample ${index}, ${field}: ${reason}`;
}

/** A reject with the place it came from and what it looked like. */
export interface QuarantinedReject extends Reject {
  readonly kafkaTopic: string;
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
  /** The record's timestamp, epoch ms. */
  readonly time: number;
  readonly arrival: number;
  /** The beginning of the record; `sizeBytes` is how long it was. */
  readonly bytes: Uint8Array;
  readonly sizeBytes: number;
}
