// How this process is doing: memory, CPU and how late its event loop runs. A stage like the others.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { StageCounters } from './stage-counters.ts';

const DELAY_RESOLUTION_MS = 10;

export interface ProcessCounters {
  stats(): StageCounters;
  stop(): void;
}

export function createProcessCounters(): ProcessCounters {
  const delay = monitorEventLoopDelay({ resolution: DELAY_RESOLUTION_MS });
  delay.enable();
  return {
    stats() {
      const { rss, heapUsed } = process.memoryUsage();
      const { user, system } = process.cpuUsage();
      // The histogram counts its own sampling interval; what is over it is lateness. Reset: each reading is of its own second.
      const lateP99Ms = delay.count > 0 ? Math.max(0, delay.percentile(99) / 1e6 - DELAY_RESOLUTION_MS) : 0;
      delay.reset();
      return {
        memory_bytes: rss,
        heap_bytes: heapUsed,
        cpu_seconds_total: (user + system) / 1e6,
        loop_late_ms: Math.round(lateP99Ms * 100) / 100,
        uptime_seconds: Math.round(process.uptime()),
      };
    },
    stop: () => delay.disable(),
  };
}
