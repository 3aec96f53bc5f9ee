// The form in which data is sent, chosen by the client at the handshake: the first it offers that we know. One who
// offers none gets JSON, which a person can read.
import { SUBPROTOCOL, type SubprotocolName } from '@tidewatch/schemas/message-server';

/** undefined: everything that is offered is unknown. */
export function chooseSubprotocol(offered: Iterable<string>): SubprotocolName | undefined {
  let hasOffer = false;
  for (const name of offered) {
    hasOffer = true;
    if (name === SUBPROTOCOL.binary) return 'binary';
    if (name === SUBPROTOCOL.json) return 'json';
  }
  return hasOffer ? undefined : 'json';
}

/** The names in a Sec-WebSocket-Protocol header. */
export function offeredSubprotocols(header: string | undefined): string[] {
  return (header ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}
