// What goes wrong in a way that somebody can mend, as an error with a status: thrown in a route, answered in one form.
import type { ApiError, ApiErrorCode } from '@tidewatch/schemas/api-error';
import { databaseFault } from '../store/database-fault.ts';

const STATUS = {
  bad_request: 400,
  signed_out: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  too_large: 413,
  too_many: 429,
  internal: 500,
  unavailable: 503,
} as const satisfies Record<ApiErrorCode, number>;

type Detail = Omit<ApiError['error'], 'code' | 'message'>;

export class ApiFault extends Error {
  override readonly name = 'ApiFault';
  readonly code: ApiErrorCode;
  readonly detail: Detail;

  constructor(code: ApiErrorCode, message: string, detail: Detail = {}) {
    super(message);
    this.code = code;
    this.detail = detail;
  }

  get statusCode(): number {
    return STATUS[this.code];
  }

  get body(): ApiError {
    return { error: { code: this.code, message: this.message, ...this.detail } };
  }
}

export const notFound = (what: string): ApiFault => new ApiFault('not_found', `There is no such ${what}.`);

const TAKEN: Readonly<Record<string, Detail & { message: string }>> = {
  users_name_key: { field: 'name', message: 'This user name is taken: choose another one.' },
  users_email: { field: 'email', message: 'Somebody else has this e-mail address.' },
  groups_name: { field: 'name', message: 'There is a group of this name already.' },
};

const MISSING: Readonly<Record<string, string>> = {
  memberships_group_id_fkey: 'groups',
  memberships_user_id_fkey: 'user',
  topic_owners_group_id_fkey: 'group',
};

/** undefined: a surprise, which is logged and told without detail. */
export function asFault(error: unknown): ApiFault | undefined {
  if (error instanceof ApiFault) return error;
  const fault = databaseFault(error);
  switch (fault?.kind) {
    case undefined:
      return undefined;
    case 'away':
      return new ApiFault('unavailable', 'The database cannot be reached: nothing was changed. Try again shortly.', {
        retryAfter: 2,
      });
    case 'last_admin':
      return new ApiFault('conflict', 'This would leave no admin: make another person admin first.');
    case 'taken': {
      const { message = 'This exists already.', ...detail } = TAKEN[fault.constraint] ?? {};
      return new ApiFault('conflict', message, detail);
    }
    case 'in_use':
      return new ApiFault(
        'conflict',
        'This is still in use: a group that owns topics is deleted after they have another owner.',
      );
    case 'missing': {
      const field = MISSING[fault.constraint];
      return new ApiFault('bad_request', 'What this refers to is not there any more: read the list again.', {
        ...(field === undefined ? {} : { field }),
      });
    }
    case 'invalid':
      return new ApiFault('bad_request', `The database does not take this (${fault.constraint}).`);
  }
}
