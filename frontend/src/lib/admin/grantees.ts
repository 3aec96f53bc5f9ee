// Everybody a grant can be given to, as one list to choose from.
import type { Groups } from '@tidewatch/schemas/api-groups';
import type { Tokens } from '@tidewatch/schemas/api-tokens';
import type { Users } from '@tidewatch/schemas/api-users';
import type { z } from 'zod';
import type { ComboboxOption } from '../ui/combobox.svelte';
import { counted } from './rule-words.ts';

export function granteeOptions(
  users: z.infer<typeof Users> | null,
  groups: z.infer<typeof Groups> | null,
  tokens: z.infer<typeof Tokens> | null,
): ComboboxOption[] {
  return [
    ...(groups?.groups ?? []).map((group) => ({
      value: `group:${group.id}`,
      label: group.name,
      note: `group, ${counted(group.members, 'person', 'people')}`,
    })),
    ...(users?.users ?? [])
      .filter((user) => !user.isDisabled)
      .map((user) => ({
        value: `person:${user.id}`,
        label: user.displayName || user.name,
        note: user.groups.map((group) => group.name).join(', ') || user.role,
      })),
    ...(tokens?.tokens ?? [])
      .filter((token) => token.state === 'active')
      .map((token) => ({ value: `token:${token.id}`, label: token.name, note: token.kind })),
  ];
}
