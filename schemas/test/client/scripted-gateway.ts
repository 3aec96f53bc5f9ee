// The far end of a live client, played by a test: every socket that was opened, and what came in on it.
import type { OpenSocket, SocketEvents } from '@tidewatch/schemas/client-socket';
import type { ServerMessage } from '@tidewatch/schemas/message-server';
import type { Payload } from '@tidewatch/schemas/wire/codec';

export class ScriptedSocket {
  readonly said: Record<string, unknown>[] = [];
  isGivenUp = false;
  readonly #events: SocketEvents;

  constructor(events: SocketEvents) {
    this.#events = events;
  }

  say(message: ServerMessage): void {
    this.#events.onMessage(JSON.stringify(message));
  }
  send(payload: Payload): void {
    this.#events.onMessage(payload);
  }
  close(code: number): void {
    this.#events.onClosed(code);
  }
  hello(): void {
    const principal = { kind: 'person', name: 'operator' } as const;
    const head = { type: 'hello', protocol: 1, session: 's', now: 1_700_000_000_000 } as const;
    this.say({ ...head, heartbeatMs: 4_000, build: 'b', principal, subscriptionsMax: 200 });
  }
  /** Answers the newest `subscribe`. */
  subscribed(how: 'snapshot' | 'resumed' = 'snapshot', stepMs = 1_000): void {
    const { id, topic } = this.last('subscribe') as { id: number; topic: string };
    const rest = { epoch: 'one', rate: 1, stepMs, how, rights: ['subscribe'], scope: 'all' } as const;
    this.say({
      type: 'subscribed',
      id,
      topic,
      topicId: 5,
      ...rest,
      rights: [...rest.rights],
      upstream: { state: 'live', since: 1 },
    });
  }
  last(type: string): Record<string, unknown> | undefined {
    return this.said.findLast((message) => message.type === type);
  }
}

export function createScriptedGateway() {
  const sockets: ScriptedSocket[] = [];
  const openSocket: OpenSocket = (_, events) => {
    const socket = new ScriptedSocket(events);
    sockets.push(socket);
    return {
      send: (text) => socket.said.push(JSON.parse(text) as Record<string, unknown>),
      close: () => {
        socket.isGivenUp = true;
      },
    };
  };
  return {
    openSocket,
    count: () => sockets.length,
    get socket(): ScriptedSocket {
      return sockets.at(-1) as ScriptedSocket;
    },
  };
}
