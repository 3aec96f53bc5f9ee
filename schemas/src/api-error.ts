// What every HTTP answer that is not a success says: a code for programs, a message for people that also says how to
// mend it, and the field at fault where there is one.
import { z } from 'zod';

export const API_ERROR_CODES = [
  'bad_request',
  'signed_out',
  'forbidden',
  'not_found',
  'conflict',
  'too_many',
  'too_large',
  'unavailable',
  'internal',
] as const;
export type ApiErrorCode = (typeof API_ERROR_CODES)[number];

export const ApiError = z.object({
  error: z.object({
    code: z.enum(API_ERROR_CODES),
    message: z.string(),
    /** Path of the field at fault, such as `until` or `patterns.0`. */
    field: z.string().optional(),
    /** Who grants access, where the code is `forbidden` and the matter is a topic. */
    owner: z.string().optional(),
    /** Seconds to wait, where the code is `too_many` or `unavailable`. */
    retryAfter: z.number().optional(),
  }),
});
export type ApiError = z.infer<typeof ApiError>;

/** Header that every write carries, whatever its value: a form of another site cannot set it. */
export const WRITE_HEADER = 'x-tidewatch';
