// The form of snapshots, deltas and history by subprotocol: one place that knows there are two.
import type { History } from '../history.ts';
import type { SubprotocolName } from '../message-server.ts';
import { createBinaryDecoder, createBinaryEncoder } from './binary.ts';
import type { Payload, StreamDecoder, StreamEncoder } from './codec.ts';
import { topicIdOfFrame } from './frame-head.ts';
import { historyFrame } from './history-frame.ts';
import { createJsonDecoder, createJsonEncoder, historyText } from './json.ts';

/** One a stream: all who listen get what it makes. */
export function createStreamEncoder(subprotocol: SubprotocolName): StreamEncoder {
  return subprotocol === 'binary' ? createBinaryEncoder() : createJsonEncoder();
}

/** One a subscription: decodes its frames in the order they came. */
export function createStreamDecoder(subprotocol: SubprotocolName): StreamDecoder {
  return subprotocol === 'binary' ? createBinaryDecoder() : createJsonDecoder();
}

/** An answer to a history request. Needs no state on either side. */
export function encodeHistory(history: History, subprotocol: SubprotocolName): Payload {
  return subprotocol === 'binary' ? historyFrame(history) : historyText(history);
}

const JSON_DATA = /^\{"type":"(?:snapshot|delta|history)","topicId":(\d+)/;

/** The topic a data frame belongs to, without decoding it; undefined where the payload is a control message. */
export function peekTopicId(payload: Payload): number | undefined {
  if (typeof payload !== 'string') return topicIdOfFrame(payload);
  const match = JSON_DATA.exec(payload);
  return match === null ? undefined : Number(match[1]);
}
