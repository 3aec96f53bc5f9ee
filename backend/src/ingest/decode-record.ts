// The bytes of a record become samples and rejects. Never throws, whatever the bytes are.
import { isUtf8 } from 'node:buffer';
import { describe, fault, shorten } from './fault.ts';
import { type Decoded, readRecord, reject } from './read-record.ts';
import type { SourceRecord } from './source.ts';

/** A larger record is not parsed: it would hold up everything else. Kafka's own default limit is 1 MB. */
export const RECORD_MAX_BYTES = 8 * 1024 * 1024;

const REPLACEMENT = '\uFFFD';

export function decodeRecord(record: SourceRecord, topic: string): Decoded {
  const { value, timestamp, arrival } = record;
  if (value === null) return whole('has no value; for alive without a value write {"metric": "…", "value": null}');
  if (value.byteLength === 0) return whole('is empty; expected a sample as JSON');
  if (value.byteLength > RECORD_MAX_BYTES)
    return whole(`has ${value.byteLength} bytes, limit is ${RECORD_MAX_BYTES}; split the batch`);
  const bytes = Buffer.isBuffer(value) ? value : Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  // Bytes that are not UTF-8 come out as this character; a text of ASCII alone answers without being searched.
  const text = bytes.toString('utf8');
  if (text.includes(REPLACEMENT) && !isUtf8(bytes)) return whole('is not UTF-8 text; expected JSON');
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    return whole(notJson(text, error));
  }
  // UTF-8 has no halves of a pair: only an escape can bring one.
  return readRecord(json, { topic, timestamp, arrival, isWellFormed: !text.includes('\\u') });
}

function whole(reason: string): Decoded {
  const decoded: Decoded = { samples: [], rejects: [], rejectedCount: 0 };
  reject(decoded, fault('record', reason), null, undefined);
  return decoded;
}

function notJson(text: string, error: unknown): string {
  const begin = text.trimStart();
  if (!begin.startsWith('{') && !begin.startsWith('['))
    return `is not JSON: expected an object or a list of them, received ${describe(begin)}`;
  if (/[:,[]\s*-?(NaN|Infinity)\b/.test(text))
    return 'is not JSON: it has no NaN and no Infinity; write null for no value';
  const message = String(error);
  const token = /Unexpected token '(.)'/u.exec(message)?.[1];
  if (token !== undefined) return `is not JSON: ${describe(token)} stands where it cannot`;
  const at = Number(/position (\d+)/.exec(message)?.[1] ?? text.length);
  if (at >= text.length) return 'is not JSON: the text ends before it is complete';
  return `is not JSON: cannot be read from character ${at} on, at ${describe(shorten(text.slice(at, at + 20)))}`;
}
