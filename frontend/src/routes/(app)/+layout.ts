// Pages for people who are signed in. Everybody else goes to sign in and comes back here.
import { redirect } from '@sveltejs/kit';
import type { LayoutLoad } from './$types';

export const load: LayoutLoad = async ({ parent, url }) => {
  const { me, isReachable } = await parent();
  if ((me === null && isReachable) || me?.mustChangePassword) {
    redirect(307, `/sign-in?next=${encodeURIComponent(url.pathname + url.search)}`);
  }
  return { me };
};
