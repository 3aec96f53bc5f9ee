// The bytes of a record become samples and rejects. Never throws, whatever the bytes are.

import { fault } from './fault.ts';
import type { Decoded, Envelope } from './read-record.ts';
import { readRecord, reject } from './read-record.ts';
import type { SourceRecord } from './source.ts';

const decoder = new TextDecoder('utf-8', { fatal: true });

export function decodeRecord(record: SourceRecord, topic: string): Decoded {
  const { value, timestamp, arrival } = record;
  if (value === null) return whole('has no value; for alive without a value write {"metric": "…", "value": null}');
  if (value.byteLength === 0) return whole('is empty; expected a sample as JSON');
  const envelope: Envelope = { topic, timestamp, arrival };
  let json: unknown;
  try {
    json = JSON.parse(decoder.decode(value));
  } catch (error) {
    return whole(error instanceof SyntaxError ? `is no JSON: ${error.message}` : 'is no UTF-8 text; expected JSON');
  }
  return readRecord(json, envelope);
}

function whole(reason: string): Decoded {
  const decoded: Decoded = { samples: [], rejects: [], rejectedCount: 0 };
  reject(decoded, fault('record', reason), null, undefined);
  return decoded;
}
