// What the live client needs of the world, as a browser has it: a WebSocket to where the page came from, this
// computer's clocks, and chance.
import type { ClientClockSource, OpenSocket } from '@tidewatch/schemas/client-socket';

export function browserSocket(url: () => string): OpenSocket {
  return (subprotocol, events) => {
    const socket = new WebSocket(url(), subprotocol);
    socket.binaryType = 'arraybuffer';
    socket.onmessage = ({ data }) =>
      events.onMessage(typeof data === 'string' ? data : new Uint8Array(data as ArrayBuffer));
    socket.onclose = ({ code }) => events.onClosed(code);
    return {
      send(text) {
        if (socket.readyState === WebSocket.OPEN) socket.send(text);
      },
      close() {
        socket.onmessage = null;
        socket.onclose = null;
        socket.close();
      },
    };
  };
}

export const BROWSER_CLOCK: ClientClockSource = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(ms, call) {
    const timer = setTimeout(call, ms);
    return { stop: () => clearTimeout(timer) };
  },
};

/** The gateway's socket, at the address of this page. */
export function socketUrl(): string {
  const { protocol, host } = window.location;
  return `${protocol === 'https:' ? 'wss' : 'ws'}://${host}/ws`;
}
