// Whether Kafka is heard. kafkajs emits nothing when a broker vanishes, so it is told from what does come: fetches, which
// are answered ten times a second with or without records, and listings. Time in which this process itself stood still
// is not silence of the broker.
import type { Clock } from '../clock.ts';

/** No answer to a fetch for this long: the broker is gone. */
export const SILENT_MAX_MS = 3_000;
/** A reader that has not fetched by then hangs. The first join on a new broker takes 2 s. */
const JOIN_MAX_MS = 8_000;
/** The broker lists Kafka topics but the reader fetches nothing for this long: a new reader is faster than waiting. */
const REVIVE_AFTER_MS = 5_000;
/** A reader that has joined and is handed nothing for this long has nothing left to read. */
const QUIET_MS = 3_000;

export interface KafkaHearing {
  listed(): void;
  readerBegan(): void;
  fetched(): void;
  batchCame(): void;
  /** To be called every `everyMs`: what it is late by is our own standing still. */
  beat(everyMs: number): void;
  /** `isReading`: there are Kafka topics to read; without any, listings are all there is to hear. */
  isHeard(isReading: boolean): boolean;
  wasEverListed(): boolean;
  isListingSilent(): boolean;
  /** The reader has had its time and is not heard. */
  doesReaderHang(): boolean;
  /** Fetches are answered, and nothing has come for a while. */
  isQuiet(): boolean;
}

const NEVER = Number.NEGATIVE_INFINITY;

export function createKafkaHearing(clock: Clock): KafkaHearing {
  let fetchAt = NEVER;
  let listAt = NEVER;
  let batchAt = NEVER;
  let readerAt = NEVER;
  let firstFetchAt: number | null = null;
  let beatAt = clock.monotonic();
  const isSilent = (at: number) => clock.monotonic() - at >= SILENT_MAX_MS;
  const isHeard = (isReading: boolean): boolean => {
    // A reader that is joining fetches nothing yet; until it does, the listing speaks for the broker.
    const isJoining = firstFetchAt === null && clock.monotonic() - readerAt < JOIN_MAX_MS;
    return !isSilent(isReading && !isJoining ? fetchAt : listAt);
  };

  return {
    listed: () => {
      listAt = clock.monotonic();
    },
    readerBegan() {
      readerAt = clock.monotonic();
      firstFetchAt = null;
    },
    fetched() {
      fetchAt = clock.monotonic();
      firstFetchAt ??= fetchAt;
    },
    batchCame: () => {
      batchAt = clock.monotonic();
    },
    beat(everyMs) {
      const now = clock.monotonic();
      const stood = now - beatAt - everyMs;
      beatAt = now;
      if (stood < everyMs) return;
      fetchAt += stood;
      listAt += stood;
    },
    isHeard,
    wasEverListed: () => listAt !== NEVER,
    isListingSilent: () => isSilent(listAt),
    doesReaderHang: () => clock.monotonic() - readerAt > REVIVE_AFTER_MS && !isHeard(true),
    isQuiet: () => firstFetchAt !== null && clock.monotonic() - Math.max(batchAt, firstFetchAt) > QUIET_MS,
  };
}
