// What the page tells the shell about itself: its title, where it stands, and whether it shows time, so that Pause and
// the window belong in the top bar.
import { createContext } from 'svelte';

export interface Crumb {
  readonly text: string;
  readonly href: string;
}

export interface PageHeadFacts {
  readonly title: string;
  readonly crumbs?: readonly Crumb[];
  readonly hasTime?: boolean;
  /** The title is a name, in the type of names. */
  readonly isCode?: boolean;
}

export class PageHeadState {
  facts = $state.raw<PageHeadFacts>({ title: 'Tidewatch' });
}

export const [getPageHead, setPageHead] = createContext<PageHeadState>();
