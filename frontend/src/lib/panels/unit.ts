// What a unit means on screen. Units come as UCUM (By, ms, %, 1/s, {carts}); what is not UCUM is shown as written.
// A unit has a ladder: the same quantity in smaller and larger steps, so that a value finds one it reads well in.

export interface Step {
  /** Base units in one of this step. */
  readonly size: number;
  readonly text: string;
}

export interface Unit {
  /** As it stands beside a title: "s", "%", "/s", "carts"; empty: none. */
  readonly text: string;
  /** Steps from small to large, in multiples of the base. */
  readonly ladder: readonly Step[];
  /** Base units in one of the unit as emitted. */
  readonly size: number;
}

const TIME: readonly Step[] = [
  { size: 1e-9, text: 'ns' },
  { size: 1e-6, text: 'µs' },
  { size: 1e-3, text: 'ms' },
  { size: 1, text: 's' },
  { size: 60, text: 'min' },
  { size: 3_600, text: 'h' },
  { size: 86_400, text: 'd' },
];
const BYTES: readonly Step[] = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'].map((text, at) => ({ size: 1024 ** at, text }));
const LARGE: readonly Step[] = ['', 'k', 'M', 'G', 'T', 'P'].map((text, at) => ({ size: 1000 ** at, text }));

const PLAIN: Readonly<Record<string, string>> = {
  '%': '%',
  Cel: '°C',
  '[degF]': '°F',
  K: 'K',
  deg: '°',
  bit: 'bit',
  '[ppm]': 'ppm',
};
/** UCUM time codes, in seconds. */
const TIME_CODES: Readonly<Record<string, number>> = {
  ns: 1e-9,
  us: 1e-6,
  µs: 1e-6,
  ms: 1e-3,
  s: 1,
  min: 60,
  h: 3_600,
  d: 86_400,
};
const BYTE_CODES: Readonly<Record<string, number>> = {
  By: 1,
  B: 1,
  bytes: 1,
  kBy: 1e3,
  MBy: 1e6,
  GBy: 1e9,
  KiBy: 1024,
  MiBy: 1024 ** 2,
  GiBy: 1024 ** 3,
};
const cache = new Map<string, Unit>();
/** Units are few; a service that invents one a sample does not fill the memory. */
const CACHE_MAX = 500;

/** `isRate`: a counter, whose unit is the one before "a second". */
export function unitOf(code: string, isRate = false): Unit {
  const key = isRate ? `${code}\n` : code;
  const known = cache.get(key);
  if (known !== undefined) return known;
  const unit = isRate ? perSecond(parse(code)) : parse(code);
  if (cache.size < CACHE_MAX) cache.set(key, unit);
  return unit;
}

function parse(code: string): Unit {
  const over = /^(.*)\/(s|min|h|d)$/.exec(code);
  if (over !== null) {
    const top = parse(over[1] === '1' ? '' : (over[1] as string));
    return {
      ...top,
      text: `${top.text}/${over[2]}`,
      ladder: top.ladder.map((s) => ({ ...s, text: `${s.text}/${over[2]}` })),
    };
  }
  const time = TIME_CODES[code];
  if (time !== undefined) return { text: code === 'us' ? 'µs' : code, ladder: TIME, size: time };
  const bytes = BYTE_CODES[code];
  if (bytes !== undefined) {
    const step = BYTES.find((s) => s.size === bytes);
    return { text: step?.text ?? code.replace('By', 'B'), ladder: BYTES, size: bytes };
  }
  if (code === '' || code === '1') return { text: '', ladder: LARGE, size: 1 };
  const text = PLAIN[code] ?? (/^\{(.+)\}$/.exec(code)?.[1] as string | undefined) ?? code;
  if (code === '%' || text === '°C' || text === '°F') return { text, ladder: [{ size: 1, text }], size: 1 };
  return {
    text,
    ladder: LARGE.map((s) => ({ size: s.size, text: s.text === '' ? text : `${s.text} ${text}` })),
    size: 1,
  };
}

function perSecond(unit: Unit): Unit {
  return { ...unit, text: `${unit.text}/s`, ladder: unit.ladder.map((s) => ({ ...s, text: `${s.text}/s` })) };
}
