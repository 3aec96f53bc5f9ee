// The admin part is for people who are signed in. Whether they are admins the pages say themselves, and the gateway
// decides every request.
import { redirect } from '@sveltejs/kit';
import type { LayoutLoad } from './$types';

export const load: LayoutLoad = async ({ parent, url }) => {
  const { me, isReachable } = await parent();
  if ((me === null && isReachable) || me?.mustChangePassword)
    redirect(307, `/sign-in?next=${encodeURIComponent(url.pathname + url.search)}`);
  return { me };
};
