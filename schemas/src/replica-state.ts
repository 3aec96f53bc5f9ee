// How a replica stands to its topic. One transition function:
//
//   waiting --snapshot--> live --delta from <= seq--> live
//   live --delta from > seq | checksum differs | frame does not decode--> gap --snapshot--> live
//   any --begun anew--> waiting, or live where the server resumes from where it stands
//
// Only `live` takes deltas: in `waiting` and `gap` they are dropped, since the snapshot on its way is newer.

export type GapReason = 'gap' | 'checksum' | 'decode';

export type ReplicaState =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'live'; readonly epoch: string; readonly seq: number }
  | { readonly kind: 'gap'; readonly why: GapReason };

export type ReplicaEvent =
  | { readonly type: 'begun'; readonly how: 'snapshot' | 'resumed' }
  | { readonly type: 'snapshot'; readonly epoch: string; readonly seq: number }
  | { readonly type: 'delta'; readonly from: number; readonly to: number }
  | { readonly type: 'failed'; readonly why: GapReason }
  | { readonly type: 'cleared' };

export function nextReplica(state: ReplicaState, event: ReplicaEvent): ReplicaState {
  switch (event.type) {
    case 'begun':
      if (event.how === 'snapshot') return { kind: 'waiting' };
      return state.kind === 'live' ? state : { kind: 'gap', why: 'gap' };
    case 'snapshot':
      return { kind: 'live', epoch: event.epoch, seq: event.seq };
    case 'delta':
      if (state.kind !== 'live' || event.to <= state.seq) return state;
      if (event.from > state.seq) return { kind: 'gap', why: 'gap' };
      return { ...state, seq: event.to };
    case 'failed':
      return state.kind === 'live' ? { kind: 'gap', why: event.why } : state;
    case 'cleared':
      return { kind: 'waiting' };
  }
}
