// The page's one draw loop, handed down by context, wired to this browser's frames, timers and visibility.
import { createContext } from 'svelte';
import { createDrawScheduler, type DrawScheduler } from './draw-scheduler.ts';

export const [getDrawLoop, setDrawLoop] = createContext<DrawScheduler>();

/** A loop that rests while the tab is hidden. */
export function createDrawLoop(): DrawScheduler {
  const loop = createDrawScheduler({
    now: () => performance.now(),
    requestFrame: (callback) => requestAnimationFrame(callback),
    cancelFrame: (id) => cancelAnimationFrame(id),
    setTimer: (callback, ms) => setTimeout(callback, Math.min(ms, 2 ** 30)),
    clearTimer: (id) => clearTimeout(id),
  });
  const follow = () => loop.setActive(document.visibilityState === 'visible');
  document.addEventListener('visibilitychange', follow);
  return {
    ...loop,
    stop() {
      document.removeEventListener('visibilitychange', follow);
      loop.stop();
    },
  };
}
