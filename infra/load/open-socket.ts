// A real socket for the client code that the browser also runs: what the command-line tools bring to it.

import type { ClientSocket, OpenSocket } from '@tidewatch/schemas/client-socket';
import WebSocket from 'ws';

export interface SocketAddress {
  /** http or https address of the gateway. */
  readonly url: string;
  readonly token: string;
}

export function socketOpener({ url, token }: SocketAddress): OpenSocket {
  const address = new URL('/ws', url);
  address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:';
  return (subprotocol, events): ClientSocket => {
    const socket = new WebSocket(address, subprotocol, { headers: { authorization: `Bearer ${token}` } });
    let isOver = false;
    const end = (code: number) => {
      if (isOver) return;
      isOver = true;
      events.onClosed(code);
    };
    socket.on('message', (data: Buffer, isBinary) => {
      if (!isOver) events.onMessage(isBinary ? new Uint8Array(data) : data.toString());
    });
    socket.on('close', (code) => end(code));
    socket.on('error', () => end(1006));
    return {
      send: (text) => socket.send(text),
      close() {
        isOver = true;
        socket.close();
      },
    };
  };
}
