// A single-page application: the gateway serves the built files and every page runs in the browser. Asks once who is
// signed in; again when access changes. Roles decide what is shown, the gateway what is allowed.
import { Me } from '@tidewatch/schemas/api-me';
import type { LayoutLoad } from './$types';

export const ssr = false;

export const load: LayoutLoad = async ({ fetch, depends }) => {
  depends('app:me');
  const answer = await fetch('/api/me').catch(() => null);
  if (answer === null) return { me: null, isReachable: false };
  if (!answer.ok) return { me: null, isReachable: answer.status < 500 };
  return { me: Me.parse(await answer.json()), isReachable: true };
};
