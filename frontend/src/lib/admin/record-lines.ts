// A record as lines, with the one at fault marked: indented where it is JSON, as it came where it is not.
export interface RecordLine {
  readonly text: string;
  readonly isAtFault: boolean;
}

export function recordLines(text: string, field: string): RecordLine[] {
  const name = field.split('.').at(-1) ?? '';
  const lines = pretty(text).split('\n');
  const at = name === '' ? -1 : lines.findIndex((line) => line.trimStart().startsWith(`${JSON.stringify(name)}:`));
  return lines.map((line, index) => ({ text: line, isAtFault: index === at }));
}

function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
