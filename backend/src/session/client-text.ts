// Text from a client becomes a message, or an error that names the field. Never throws, whatever the text.
import { ClientMessage } from '@tidewatch/schemas/message-client';

export type ReadText =
  | { readonly isRead: true; readonly message: ClientMessage }
  /** `id` is the request's own where it could be read, else 0. */
  | { readonly isRead: false; readonly id: number; readonly message: string };

const KINDS = ClientMessage.options.map((option) => option.shape.type.value).join(', ');

export function readClientText(text: string): ReadText {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    return { isRead: false, id: 0, message: `This is not JSON: ${(error as Error).message}.` };
  }
  const parsed = ClientMessage.safeParse(json);
  if (parsed.success) return { isRead: true, message: parsed.data };
  return { isRead: false, id: idOf(json), message: fault(json, parsed.error.issues) };
}

function idOf(json: unknown): number {
  const id = (json as { id?: unknown } | null)?.id;
  return typeof id === 'number' && Number.isSafeInteger(id) && id > 0 ? id : 0;
}

interface Issue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

function fault(json: unknown, issues: readonly Issue[]): string {
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    return `A message is a JSON object with a field "type": one of ${KINDS}.`;
  const type = (json as { type?: unknown }).type;
  if (typeof type !== 'string' || !KINDS.split(', ').includes(type)) return `Field "type" is one of ${KINDS}.`;
  const [first] = issues;
  if (first === undefined) return 'The message is not valid.';
  const field = first.path.map(String).join('.');
  return field === '' ? `In "${type}": ${first.message}.` : `Field "${field}" of "${type}": ${first.message}.`;
}
