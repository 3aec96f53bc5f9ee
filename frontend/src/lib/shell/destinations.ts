// Where the rail and the phone's bottom bar lead. Only places that exist.
import Compass from '@lucide/svelte/icons/chart-line';
import CircleUser from '@lucide/svelte/icons/circle-user';
import House from '@lucide/svelte/icons/house';
import RadioTower from '@lucide/svelte/icons/radio-tower';
import ShieldCheck from '@lucide/svelte/icons/shield-check';
import type { Role } from '@tidewatch/schemas/role';

export interface Destination {
  readonly href: string;
  readonly text: string;
  readonly icon: typeof House;
  readonly place: 'top' | 'bottom';
  /** Shown to these roles; the server decides all the same. */
  readonly roles?: readonly Role[];
  readonly isOnPhone: boolean;
}

export const DESTINATIONS: readonly Destination[] = [
  { href: '/', text: 'Home', icon: House, place: 'top', isOnPhone: true },
  { href: '/explore', text: 'Explore', icon: Compass, place: 'top', isOnPhone: true },
  { href: '/topics', text: 'Topics', icon: RadioTower, place: 'top', isOnPhone: true },
  { href: '/admin', text: 'Admin', icon: ShieldCheck, place: 'bottom', roles: ['admin'], isOnPhone: false },
];
export const ME: Destination = { href: '/me', text: 'Me', icon: CircleUser, place: 'bottom', isOnPhone: true };

export function isHere(href: string, path: string): boolean {
  return href === '/' ? path === '/' : path === href || path.startsWith(`${href}/`);
}
