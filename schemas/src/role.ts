// What a person may do with Tidewatch itself. Topics come from grants; only `admin` brings a rule of its own.
import { z } from 'zod';

export const ROLES = ['admin', 'editor', 'viewer'] as const;
/** admin: people, grants, sessions, audit, and every topic. editor: dashboards and limits. viewer: reads. */
export type Role = (typeof ROLES)[number];
export const Role = z.enum(ROLES);
