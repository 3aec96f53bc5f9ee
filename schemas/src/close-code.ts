// Why a socket was closed, and whether to come back. Codes under 4000 are the WebSocket standard's own.
export const CLOSE = {
  restart: { code: 1012, reconnect: true, text: 'The gateway is restarting.' },
  later: { code: 1013, reconnect: true, text: 'The gateway has no room now; try again later.' },
  protocol: { code: 4400, reconnect: false, text: 'This client and the gateway do not understand each other.' },
  signedOut: { code: 4401, reconnect: false, text: 'You are signed out.' },
  kicked: { code: 4403, reconnect: false, text: 'An admin ended this session.' },
  slow: { code: 4429, reconnect: true, text: 'This connection did not take what was sent for 30 s.' },
} as const;
export type CloseReason = keyof typeof CLOSE;

/** The reason of a close code; undefined for codes that say nothing of ours (1006: the line broke, reconnect). */
export function closeReason(code: number): CloseReason | undefined {
  return (Object.keys(CLOSE) as CloseReason[]).find((reason) => CLOSE[reason].code === code);
}
