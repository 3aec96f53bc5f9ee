// How the numbers of one series are written: one small whole number a series, chosen by the encoder and sent when it
// changes. 14 bits at most on the wire, and the same bits here:
//
//   00                         raw       64 bits each
//   01 noisy:1 scale:4 rice:6  decimal   whole numbers at 10^-scale as differences, Rice-coded with that many low bits
//   10 lead:6 width:6          xor       against the value before; the window of bits after `lead`, `width` + 1 wide

import type { BitReader } from './bit-reader.ts';
import type { BitWriter } from './bit-writer.ts';
import { FrameError } from './codec.ts';

export const RAW = 0;
export const DECIMAL = 1;
export const XOR = 2;
export const RICE_MAX = 48;

export type NumberParam = number;

export const RAW_PARAM: NumberParam = RAW << 12;

export function decimalParam(isNoisy: boolean, scale: number, rice: number): NumberParam {
  return (DECIMAL << 12) | ((isNoisy ? 1 : 0) << 10) | (scale << 6) | rice;
}
export function xorParam(lead: number, width: number): NumberParam {
  return (XOR << 12) | (lead << 6) | (width - 1);
}

export const kindOf = (param: NumberParam): number => param >>> 12;
export const isNoisyOf = (param: NumberParam): boolean => (param & 0x400) !== 0;
export const scaleOfParam = (param: NumberParam): number => (param >>> 6) & 15;
export const riceOf = (param: NumberParam): number => param & 63;
export const leadOf = (param: NumberParam): number => (param >>> 6) & 63;
export const widthOf = (param: NumberParam): number => (param & 63) + 1;

export function putParam(writer: BitWriter, param: NumberParam): void {
  const kind = kindOf(param);
  writer.put(kind, 2);
  if (kind === DECIMAL) writer.put(param & 0x7ff, 11);
  else if (kind === XOR) writer.put(param & 0xfff, 12);
}

export function getParam(reader: BitReader): NumberParam {
  const kind = reader.get(2);
  if (kind === RAW) return RAW_PARAM;
  if (kind === DECIMAL) {
    const param = (DECIMAL << 12) | reader.get(11);
    if (riceOf(param) > RICE_MAX) throw new FrameError(`A Rice parameter of ${riceOf(param)} is over ${RICE_MAX}.`);
    return param;
  }
  if (kind === XOR) {
    const param = (XOR << 12) | reader.get(12);
    if (leadOf(param) + widthOf(param) > 64) throw new FrameError('A window reaches beyond 64 bits.');
    return param;
  }
  throw new FrameError('There is no number form 3.');
}
