// The seam between what is sent and how it is written. A stream has one encoder, a subscription one decoder; the JSON
// and the binary form stand behind the same two shapes.
//
// A decoder's state is what it decoded last: values and a few parameters a series. So the encoder tells apart
//   delta   for those who have everything up to the delta's `from` from this very encoder: written against that state
//   merged  for those who have not (slow, resumed, just joined): needs no state, and leaves the decoder where the
//           others are. Called after `delta` with the same `to`, so that both leave the same state behind
//   snapshot for those who start: state and all.
import type { Delta } from '../delta.ts';
import type { History } from '../history.ts';
import type { Snapshot } from '../snapshot.ts';

/** A message body as it goes out: text or binary, never changed after it is made, shared by all who listen. */
export type Payload = string | Uint8Array;

export interface StreamEncoder {
  snapshot(snapshot: Snapshot): Payload;
  delta(delta: Delta): Payload;
  /** `isReset`: the receiver's decoder state came from another encoder (resume, changed rate): carry every parameter. */
  merged(delta: Delta, isReset: boolean): Payload;
}

export type Frame =
  | { readonly kind: 'snapshot'; readonly snapshot: Snapshot }
  | { readonly kind: 'delta'; readonly delta: Delta }
  | { readonly kind: 'history'; readonly history: History };

/** Decodes what one subscription receives, in order. Throws FrameError with what is wrong; never hangs, never over-allocates. */
export interface StreamDecoder {
  decode(payload: Payload): Frame;
}

export class FrameError extends Error {
  override readonly name: string = 'FrameError';
}

/** The frame is whole, but it is written against a state that this decoder does not have: something was missed. */
export class FrameGapError extends FrameError {
  override readonly name = 'FrameGapError';
}
