// What this browser prefers: theme, zone, keys, rail. Kept in this browser's storage, since a wall screen and a phone of
// one person want different things. Nothing secret.
import { createContext } from 'svelte';
import type { Zone } from './format-time.ts';

export type Theme = 'system' | 'dark' | 'light';

const KEY = 'tidewatch.';

function read(name: string): string | null {
  try {
    return localStorage.getItem(KEY + name);
  } catch {
    return null;
  }
}

function write(name: string, value: string): void {
  try {
    localStorage.setItem(KEY + name, value);
  } catch {
    // Storage is off or full: the choice holds until the page is closed.
  }
}

export class Preferences {
  #theme = $state<Theme>(themeOf(read('theme')));
  #zone = $state<Zone>(read('zone') === 'local' ? 'local' : 'UTC');
  #hasShortcuts = $state(read('shortcuts') !== 'off');
  #isRailOpen = $state(read('rail') === 'open');
  /** Rises when colours on the page have changed, whoever changed them. */
  #colors = $state(0);

  constructor() {
    this.#show();
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.#colors++);
  }

  get theme(): Theme {
    return this.#theme;
  }
  set theme(theme: Theme) {
    this.#theme = theme;
    write('theme', theme);
    this.#show();
    this.#colors++;
  }
  get zone(): Zone {
    return this.#zone;
  }
  set zone(zone: Zone) {
    this.#zone = zone;
    write('zone', zone);
  }
  /** Keys without a modifier can be switched off: WCAG 2.1.4. */
  get hasShortcuts(): boolean {
    return this.#hasShortcuts;
  }
  set hasShortcuts(has: boolean) {
    this.#hasShortcuts = has;
    write('shortcuts', has ? 'on' : 'off');
  }
  get isRailOpen(): boolean {
    return this.#isRailOpen;
  }
  set isRailOpen(isOpen: boolean) {
    this.#isRailOpen = isOpen;
    write('rail', isOpen ? 'open' : 'closed');
  }
  /** Reading it means: tell me when colours change. */
  get colors(): number {
    return this.#colors;
  }

  #show(): void {
    const root = document.documentElement;
    if (this.#theme === 'system') delete root.dataset.theme;
    else root.dataset.theme = this.#theme;
  }
}

function themeOf(text: string | null): Theme {
  return text === 'dark' || text === 'light' ? text : 'system';
}

export const [getPreferences, setPreferences] = createContext<Preferences>();
