// What an admin does to one person besides changing the form: a new one-time password, off and on again, ending sessions.
import { Done } from '@tidewatch/schemas/api-principal';
import { Kicked } from '@tidewatch/schemas/api-sessions';
import { User, UserWithPassword } from '@tidewatch/schemas/api-users';
import type { Api } from '../auth/api-client.ts';

export function personActions(api: Api, id: string) {
  return {
    newPassword: () => api.write(UserWithPassword, 'POST', `/api/users/${id}/password`),
    setDisabled: (isDisabled: boolean) => api.write(User, 'PATCH', `/api/users/${id}`, { isDisabled }),
    kickAll: () => api.write(Kicked, 'POST', `/api/users/${id}/kick`, {}),
    remove: () => api.write(Done, 'DELETE', `/api/users/${id}`),
  };
}
