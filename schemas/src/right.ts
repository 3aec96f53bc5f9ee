// What a grant lets a principal do with a topic. `manage` implies subscribe and history, on the same pattern.
import { z } from 'zod';

export const RIGHTS = ['subscribe', 'history', 'publish', 'manage'] as const;
export type Right = (typeof RIGHTS)[number];
export const Right = z.enum(RIGHTS);

/** Rights that come with a right. Shown as checked and not to be taken away. */
export const IMPLIED_RIGHTS: Readonly<Record<Right, readonly Right[]>> = {
  subscribe: [],
  history: [],
  publish: [],
  manage: ['subscribe', 'history'],
};
