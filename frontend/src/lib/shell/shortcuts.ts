// Keys of the whole page. None fires while somebody types, with a dialog open, or when shortcuts are switched off.
import { tinykeys } from 'tinykeys';
import type { ViewState } from '../view/view-state.svelte.ts';

export interface ShortcutTargets {
  readonly view: ViewState;
  isOn(): boolean;
  /** Pause and window mean something on this page. */
  hasTime(): boolean;
  toggleTheme(): void;
  go(path: string): void;
}

export function bindShortcuts(target: Window, { view, isOn, hasTime, toggleTheme, go }: ShortcutTargets): () => void {
  const on =
    (run: () => void, needsTime = false) =>
    (event: KeyboardEvent) => {
      if (!isOn() || isBusy(event) || (needsTime && !hasTime())) return;
      event.preventDefault();
      run();
    };
  return tinykeys(target, {
    Space: on(() => view.togglePause(), true),
    l: on(() => view.live(), true),
    '[': on(() => view.narrower(), true),
    ']': on(() => view.wider(), true),
    ArrowLeft: on(() => view.move(-1), true),
    ArrowRight: on(() => view.move(1), true),
    Escape: on(() => view.crosshair.release(), true),
    d: on(toggleTheme),
    'g h': on(() => go('/')),
    'g t': on(() => go('/topics')),
    'g e': on(() => go('/explore')),
  });
}

/** The key means something where the focus is. */
function isBusy(event: KeyboardEvent): boolean {
  const at = event.target instanceof HTMLElement ? event.target : null;
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || at === null) return true;
  if (at.closest('[role="dialog"], [role="menu"], [role="listbox"]') !== null) return true;
  if (at.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(at.tagName)) return true;
  const isPress = event.key === ' ' || event.key === 'Enter';
  const isArrow = event.key.startsWith('Arrow');
  return (
    (isPress && at.closest('button, a, summary, [role="button"]') !== null) ||
    (isArrow && at.closest('[role="tablist"], [role="slider"], [role="tree"]') !== null)
  );
}
