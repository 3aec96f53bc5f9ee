// What was just done and has no other place to be said: "Grant saved". Never the only carrier of a fault. At most
// TOASTS_MAX at once; the oldest gives way.
import { createContext } from 'svelte';

export const TOASTS_MAX = 3;
export const TOAST_SHOWN_MS = 6_000;

export interface Toast {
  readonly id: number;
  readonly title: string;
  readonly text: string;
}

export class Toasts {
  list = $state.raw<readonly Toast[]>([]);
  #next = 1;
  readonly #timers = new Set<ReturnType<typeof setTimeout>>();

  say(title: string, text = ''): void {
    const id = this.#next++;
    this.list = [...this.list, { id, title, text }].slice(-TOASTS_MAX);
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      this.dismiss(id);
    }, TOAST_SHOWN_MS);
    this.#timers.add(timer);
  }

  dismiss(id: number): void {
    this.list = this.list.filter((toast) => toast.id !== id);
  }

  stop(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }
}

export const [getToasts, setToasts] = createContext<Toasts>();
