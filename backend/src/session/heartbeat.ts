// Browsers cannot see protocol pings, so silence would look like a dead line to them: a `heartbeat` message goes out
// whenever nothing else did for 4 s. It carries a ping as every write does in its turn, which finds a dead peer too.

export const HEARTBEAT_MS = 4_000;
/** Sessions are looked at this often, so a heartbeat is due this much before its time. */
export const CHECK_EVERY_MS = 500;

/** True where the client would otherwise hear nothing for longer than HEARTBEAT_MS. Times are monotonic ms. */
export function isHeartbeatDue(lastWriteAt: number, now: number): boolean {
  return now - lastWriteAt >= HEARTBEAT_MS - CHECK_EVERY_MS;
}

/** The message. Not kept: its time is the point. */
export function heartbeatMessage(epochMs: number): string {
  return `{"type":"heartbeat","now":${Math.floor(epochMs)}}`;
}
