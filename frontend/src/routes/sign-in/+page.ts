// Whoever is signed in already goes on; whoever must change a one-time password first does it here.
import { redirect } from '@sveltejs/kit';
import { safeNext } from '#lib/auth/next-path.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ parent, url }) => {
  const { me } = await parent();
  const next = safeNext(url.searchParams.get('next'));
  if (me !== null && !me.mustChangePassword) redirect(307, next);
  return { next };
};
