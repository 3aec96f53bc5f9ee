// The one formatter of values: axis, legend, flags, tables and export all use it. Promises at most four significant
// digits and decimals that depend on the size of a value alone, so that a number does not dance while it lives.
import { type Step, type Unit, unitOf } from './unit.ts';

/** From here on a value moves up a step: 9,999 ms stays, 10,000 ms is 10 s. */
const STEP_UP = 10_000;
const DASH = '–';

/** One step of a unit, in which every tick of an axis is written. `factor` times a raw value is the value in it. */
export interface Scale {
  readonly factor: number;
  readonly text: string;
}

/** The step in which a value of this size reads best. A value that reads well as emitted stays as emitted. */
export function scaleFor(unit: Unit, size: number): Scale {
  const abs = Math.abs(size);
  if (!(abs > 0) || !Number.isFinite(abs) || (abs >= 1 && abs < STEP_UP)) return own(unit);
  const base = abs * unit.size;
  let best: Step | undefined;
  for (const step of unit.ladder) if (base >= step.size || best === undefined) best = step;
  // A plain number under one has no smaller step worth a name: 0.46 stays 0.46.
  if (best === undefined || (abs < 1 && best.size >= unit.size)) return own(unit);
  return { factor: unit.size / best.size, text: best.text };
}

function own(unit: Unit): Scale {
  return { factor: 1, text: unit.text };
}

export interface ValueText {
  readonly number: string;
  readonly unit: string;
}

export function formatValue(value: number, code: string, isRate = false): ValueText {
  const unit = unitOf(code, isRate);
  if (!Number.isFinite(value)) return { number: DASH, unit: '' };
  let scale = scaleFor(unit, value);
  // 999.96 of a small step would round to 1,000 of it; that is one of the next.
  const rounded = Number(Math.abs(value * scale.factor).toPrecision(4)) / scale.factor;
  if (Math.abs(value) < STEP_UP && rounded >= STEP_UP) scale = scaleFor(unit, rounded);
  return { number: formatNumber(value * scale.factor), unit: scale.text };
}

/** How an axis is written: its unit, values in it a raw one, decimals of its ticks. */
export interface AxisText {
  readonly unit: string;
  readonly factor: number;
  readonly decimals: number;
}

/** A value beside an axis, in its unit: fine enough to tell it from its neighbours, four significant digits at most. */
export function formatOnAxis(value: number, axis: AxisText): string {
  const scaled = value * axis.factor;
  const abs = Math.abs(scaled);
  if (!Number.isFinite(scaled)) return DASH;
  if (axis.decimals === 0 || abs === 0 || abs >= STEP_UP) return formatNumber(scaled);
  const magnitude = Math.floor(Math.log10(abs));
  // Two digits of its own even where the axis is coarse, and four in all.
  const wanted = Math.max(axis.decimals + 1, 1 - magnitude);
  return grouped(scaled, Math.max(0, Math.min(wanted, 3 - magnitude)));
}

/** Samples a second: whole numbers, and one decimal where there are few. */
export function formatRate(rate: number): string {
  return grouped(rate, rate >= 9.95 || Number.isInteger(rate) ? 0 : 1);
}

/** "1.82 s", "95.9 %", "1,271 /s", "8,403". */
export function formatValueText(value: number, code: string, isRate = false): string {
  const { number, unit } = formatValue(value, code, isRate);
  return unit === '' ? number : `${number} ${unit}`;
}

export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return DASH;
  const abs = Math.abs(value);
  if (abs === 0) return '0';
  if (abs >= 1e15 || abs < 1e-6) return value.toExponential(2).replace('e+', 'e').replace('-', '−');
  if (abs >= STEP_UP) return grouped(Number(value.toPrecision(4)), 0);
  if (Number.isInteger(value)) return grouped(value, 0);
  return grouped(value, decimalsOf(abs));
}

function decimalsOf(abs: number): number {
  if (abs >= 99.95) return 0;
  if (abs >= 9.995) return 1;
  if (abs >= 0.1) return 2;
  return Math.min(8, 1 - Math.floor(Math.log10(abs)));
}

const formats = new Map<number, Intl.NumberFormat>();

/** Grouped thousands, a real minus sign, exactly this many decimals. */
export function grouped(value: number, decimals: number): string {
  let format = formats.get(decimals);
  if (format === undefined) {
    format = new Intl.NumberFormat('en', { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
    formats.set(decimals, format);
  }
  const text = format.format(value);
  return text.startsWith('-') ? (Number(text.replaceAll(',', '')) === 0 ? text.slice(1) : `−${text.slice(1)}`) : text;
}
