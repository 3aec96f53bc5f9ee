// The server's clock as this client sees it, and how long a round trip takes. Every message with a server time gives a
// guess at the offset that is too small by its time on the way, so the largest of late is the best. Good guesses fade
// slowly: clocks drift and computers sleep.

/** How fast a good old guess loses against worse new ones, ms a second. */
const FADE_MS_PER_S = 0.5;
/** A guess this far off means that a clock was set, not that a message was slow. */
const JUMP_MS = 10_000;
/** Weight of the newest round trip. */
const TRIP_WEIGHT = 0.2;

export interface ClientClock {
  /** A message written at server time `at` came in at local time `received`. */
  heard(at: number, received: number): void;
  /** A request was answered after `ms`. */
  answered(ms: number): void;
  /** Server minus local, ms; 0 until something was heard. */
  readonly offsetMs: number;
  /** null: nothing was answered yet. */
  readonly roundTripMs: number | null;
}

export function createClientClock(): ClientClock {
  let offset: number | null = null;
  let heardAt = 0;
  let trip: number | null = null;
  return {
    heard(at, received) {
      const guess = at - received;
      if (offset === null || Math.abs(guess - offset) > JUMP_MS) offset = guess;
      else offset = Math.max(guess, offset - (Math.max(0, received - heardAt) / 1_000) * FADE_MS_PER_S);
      heardAt = received;
    },
    answered(ms) {
      trip = trip === null ? ms : trip + (ms - trip) * TRIP_WEIGHT;
    },
    get offsetMs() {
      return offset ?? 0;
    },
    get roundTripMs() {
      return trip;
    },
  };
}
