import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as ws from 'ws';
import { frameOf, JOIN_MAX_BYTES, joinedFrames, pingFrame } from '../../src/socket/frame.ts';
import { isOriginAllowed } from '../../src/socket/origin.ts';

/** The half of `ws` that reads; its types leave it out. */
interface ReceiverLike {
  on(event: string, listener: (data: Buffer, isBinary: boolean) => void): void;
  write(bytes: Buffer): void;
}
const { Receiver } = ws as unknown as { Receiver: new (options: object) => ReceiverLike };

/** What a client makes of these bytes. */
function received(bytes: Buffer): (string | Buffer)[] {
  const receiver = new Receiver({ isServer: false, allowSynchronousEvents: true });
  const messages: (string | Buffer)[] = [];
  receiver.on('message', (data: Buffer, isBinary: boolean) => messages.push(isBinary ? data : data.toString()));
  receiver.on('ping', (data: Buffer) => messages.push(`ping ${data.toString()}`));
  receiver.write(bytes);
  return messages;
}

const payload = fc.oneof(
  fc.string(),
  fc.uint8Array(),
  fc.constantFrom(125, 126, 127, 65_535, 65_536).map((size) => new Uint8Array(size)),
);

describe('frames', () => {
  it('are read by a WebSocket client as what they were made of', async () => {
    await fc.assert(
      fc.asyncProperty(payload, async (one) => {
        const messages = received(frameOf(one));
        await Promise.resolve();
        expect(messages).toEqual([typeof one === 'string' ? one : Buffer.from(one)]);
      }),
    );
    expect(received(pingFrame('4096'))).toEqual(['ping 4096']);
  });

  it('are built once a payload', () => {
    const one = new Uint8Array([1, 2, 3]);
    expect(frameOf(one)).toBe(frameOf(one));
    expect(frameOf('text')).toBe(frameOf('text'));
  });

  it('are joined in order, once for those who take the same, and not where that copies too much', () => {
    const payloads = [new Uint8Array([1]), 'two', new Uint8Array([3, 3])];
    const joined = joinedFrames(payloads);
    expect(joined).toEqual(Buffer.concat(payloads.map(frameOf)));
    expect(joinedFrames([...payloads])).toBe(joined);
    expect(joinedFrames([...payloads].reverse())).not.toEqual(joined);
    expect(joinedFrames([new Uint8Array(JOIN_MAX_BYTES), 'more'])).toBeNull();
  });
});

describe('an origin', () => {
  it.each([
    [undefined, true],
    ['https://tide.example', true],
    ['https://TIDE.example', true],
    ['https://tide.example:8443', false],
    ['https://tide.example.evil.example', false],
    ['https://wall.example', true],
    ['null', false],
    ['', false],
  ])('%s is let in: %s', (origin, isLetIn) => {
    expect(isOriginAllowed(origin, 'tide.example', ['https://wall.example'])).toBe(isLetIn);
  });
});
