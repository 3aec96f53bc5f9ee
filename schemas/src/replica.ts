// The copy of a topic that a client keeps: the newest bucket and state of every series it may see, equal to the server's
// by construction and proven by checksums. Promises: a frame changes it wholly or not at all; a delta that overlaps does
// no harm; after a gap it asks for a snapshot and takes nothing else. Holds no history: `apply` hands on what came.
import type { Delta } from './delta.ts';
import type { SeriesState } from './freshness.ts';
import type { History } from './history.ts';
import type { SubprotocolName } from './message-server.ts';
import { type ChecksumRow, replicaChecksum } from './replica-checksum.ts';
import { type GapReason, nextReplica, type ReplicaState } from './replica-state.ts';
import type { SeriesDef } from './series.ts';
import type { Snapshot } from './snapshot.ts';
import { type Frame, FrameError, FrameGapError, type Payload } from './wire/codec.ts';
import { createStreamDecoder } from './wire/encoder.ts';

export interface ReplicaSeries extends ChecksumRow {
  readonly def: SeriesDef;
  readonly state: SeriesState;
  /** Server time (epoch ms) when the newest sample arrived; 0: none yet. */
  readonly arrival: number;
}

/** What a payload did. After `resync` ask the server for a snapshot; until it comes everything is `ignored`. */
export type Applied =
  | { readonly kind: 'snapshot'; readonly snapshot: Snapshot }
  | { readonly kind: 'delta'; readonly delta: Delta }
  | { readonly kind: 'history'; readonly history: History }
  | { readonly kind: 'resync'; readonly why: GapReason; readonly message: string }
  | { readonly kind: 'ignored' };

export interface ReplicaCounts {
  snapshots: number;
  deltas: number;
  ignored: number;
  /** Checksums that were compared, and were equal. */
  proven: number;
  gap: number;
  checksum: number;
  decode: number;
}

export interface Replica {
  readonly state: ReplicaState;
  readonly seriesById: ReadonlyMap<number, ReplicaSeries>;
  /** Width of the buckets, ms; 0 until the first snapshot. */
  readonly stepMs: number;
  /** Server time of the newest snapshot or delta, epoch ms; 0: none yet. */
  readonly at: number;
  readonly counts: Readonly<ReplicaCounts>;
  /** Where to go on after a drop; undefined: start anew. */
  resumePoint(): { readonly epoch: string; readonly seq: number } | undefined;
  /** The server said `subscribed`: frames from here on are of a new stream. A result where a snapshot must be asked for. */
  begin(subscribed: { readonly how: 'snapshot' | 'resumed'; readonly stepMs: number }): Applied;
  apply(payload: Payload): Applied;
  /** Forgets everything: the topic may no longer be read. */
  clear(): void;
}

export interface ReplicaOptions {
  readonly subprotocol: SubprotocolName;
  /** Called after a delta or a snapshot was taken. */
  readonly onChange?: (change: Applied) => void;
}

type Row = { -readonly [Field in keyof ReplicaSeries]: ReplicaSeries[Field] };

export function createReplica({ subprotocol, onChange }: ReplicaOptions): Replica {
  const rows = new Map<number, Row>();
  const counts: ReplicaCounts = { snapshots: 0, deltas: 0, ignored: 0, proven: 0, gap: 0, checksum: 0, decode: 0 };
  let decoder = createStreamDecoder(subprotocol);
  let state: ReplicaState = { kind: 'waiting' };
  let stepMs = 0;
  let at = 0;

  function ignored(): Applied {
    counts.ignored++;
    return { kind: 'ignored' };
  }

  function failed(why: GapReason, message: string): Applied {
    if (state.kind !== 'live') return ignored();
    counts[why]++;
    state = nextReplica(state, { type: 'failed', why });
    return { kind: 'resync', why, message };
  }

  function takeSnapshot(snapshot: Snapshot): Applied {
    rows.clear();
    for (const { def, ...rest } of snapshot.series) rows.set(def.id, { id: def.id, def, ...rest });
    stepMs = snapshot.stepMs;
    at = snapshot.at;
    state = nextReplica(state, { type: 'snapshot', epoch: snapshot.epoch, seq: snapshot.seq });
    counts.snapshots++;
    return { kind: 'snapshot', snapshot };
  }

  function takeDelta(delta: Delta): Applied {
    if (state.kind !== 'live' || delta.to <= state.seq) return ignored();
    if (delta.from > state.seq)
      return failed('gap', `A delta begins at ${delta.from}, this replica is at ${state.seq}.`);
    const unknown = findUnknown(delta);
    if (unknown !== undefined) return failed('decode', `Series ${unknown} was never defined.`);
    write(delta);
    state = nextReplica(state, { type: 'delta', from: delta.from, to: delta.to });
    counts.deltas++;
    if (delta.checksum !== null) {
      const own = replicaChecksum(rows.values());
      if (own !== delta.checksum) return failed('checksum', `The checksum at ${delta.to} differs.`);
      counts.proven++;
    }
    return { kind: 'delta', delta };
  }

  /** A series that the delta speaks of and nobody ever defined. */
  function findUnknown({ defs, buckets, states }: Delta): number | undefined {
    const defined = new Set(defs.map((def) => def.id));
    const isKnown = (id: number) => rows.has(id) || defined.has(id);
    for (const { series } of buckets) {
      for (let i = 0; i < series.length; i++) if (!isKnown(series[i] as number)) return series[i];
    }
    return states.find(([id]) => !isKnown(id))?.[0];
  }

  function write(delta: Delta): void {
    at = delta.at;
    for (const def of delta.defs) {
      const row = rows.get(def.id);
      if (row !== undefined) row.def = def;
      else rows.set(def.id, { id: def.id, def, state: 'fresh', arrival: 0, time: 0, ...NO_VALUE });
    }
    for (const { time, series, last, min, max } of delta.buckets) {
      for (let i = 0; i < series.length; i++) {
        const row = rows.get(series[i] as number) as Row;
        row.arrival = delta.at;
        if (time < row.time) continue;
        row.time = time;
        row.last = last[i] as number;
        row.min = min[i] as number;
        row.max = max[i] as number;
      }
    }
    for (const [id, ageMs] of delta.ages) {
      const row = rows.get(id);
      if (row !== undefined) row.arrival = delta.at - ageMs;
    }
    for (const [id, value] of delta.states) (rows.get(id) as Row).state = value;
    for (const id of delta.retired) rows.delete(id);
  }

  function take(frame: Frame): Applied {
    switch (frame.kind) {
      case 'snapshot':
        return takeSnapshot(frame.snapshot);
      case 'delta':
        return takeDelta(frame.delta);
      case 'history':
        return { kind: 'history', history: frame.history };
    }
  }

  return {
    seriesById: rows,
    counts,
    get state() {
      return state;
    },
    get stepMs() {
      return stepMs;
    },
    get at() {
      return at;
    },
    resumePoint: () => (state.kind === 'live' ? { epoch: state.epoch, seq: state.seq } : undefined),

    begin({ how, stepMs: width }) {
      decoder = createStreamDecoder(subprotocol);
      // Buckets of another width cannot be compared: start anew.
      if (how === 'resumed' && width !== stepMs)
        return failed('gap', `The width changed from ${stepMs} to ${width} ms.`);
      const wasLive = state.kind === 'live';
      state = nextReplica(state, { type: 'begun', how });
      if (how === 'snapshot' || wasLive) return { kind: 'ignored' };
      counts.gap++;
      return { kind: 'resync', why: 'gap', message: 'The server resumed what this replica does not have.' };
    },

    apply(payload) {
      let frame: Frame;
      try {
        frame = decoder.decode(payload);
      } catch (error) {
        if (!(error instanceof FrameError)) throw error;
        return failed(error instanceof FrameGapError ? 'gap' : 'decode', error.message);
      }
      const applied = take(frame);
      if (applied.kind === 'snapshot' || applied.kind === 'delta') onChange?.(applied);
      return applied;
    },

    clear() {
      rows.clear();
      at = 0;
      state = nextReplica(state, { type: 'cleared' });
    },
  };
}

const NO_VALUE = { last: Number.NaN, min: Number.NaN, max: Number.NaN };
