// A record as lines, with the one at fault marked: indented where it is JSON, as it came where it is not.
export interface RecordLine {
  readonly text: string;
  readonly isAtFault: boolean;
}

/** `index` is the place of a sample in its batch; null: the record is one sample. */
export function recordLines(text: string, field: string, index: number | null = null): RecordLine[] {
  const name = field.split('.').at(-1) ?? '';
  const lines = pretty(text).split('\n');
  const from = index === null ? 0 : startOfSample(lines, index);
  const at =
    name === ''
      ? -1
      : lines.findIndex((line, n) => n >= from && line.trimStart().startsWith(`${JSON.stringify(name)}:`));
  return lines.map((line, n) => ({ text: line, isAtFault: n === at }));
}

/** Samples of a batch begin with a brace of their own line, all at the depth of the first. */
function startOfSample(lines: readonly string[], index: number): number {
  const depth = lines.slice(1).find((line) => line.trim() === '{') ?? '';
  const starts = lines.flatMap((line, at) => (at > 0 && line === depth ? [at] : []));
  return starts[index] ?? lines.length;
}

function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
