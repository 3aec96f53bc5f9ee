// The numbering of one topic and what changed in each of its newest steps: marks, no values. Asked for everything
// after a number it answers with the union of the marks, or says that it no longer reaches so far back.
import { Marks } from '../metrics/marks.ts';

/** A minute at 20 steps a second. */
export const LOG_STEPS_MAX = 1_200;
export const LOG_MAX_BYTES = 4_000_000;

interface Step {
  readonly seq: number;
  readonly marks: Marks;
  readonly bytes: number;
}

export interface StepLog {
  /** Number of the newest step; 0 before the first. */
  readonly head: number;
  add(marks: Marks): void;
  /** Whether `since(from)` knows everything after `from`. */
  reaches(from: number): boolean;
  /** The union of the steps after `from`. Ask `reaches` first. */
  since(from: number): Marks;
}

export function createStepLog(): StepLog {
  let steps: Step[] = [];
  let first = 0;
  let head = 0;
  let bytes = 0;
  const drop = () => {
    while (steps.length - first > LOG_STEPS_MAX || (bytes > LOG_MAX_BYTES && steps.length - first > 1)) {
      bytes -= steps[first]?.bytes ?? 0;
      first += 1;
    }
    // Cutting the front off one by one would copy the array each time.
    if (first > LOG_STEPS_MAX) {
      steps = steps.slice(first);
      first = 0;
    }
  };
  return {
    get head() {
      return head;
    },
    add(marks) {
      head += 1;
      const step = { seq: head, marks, bytes: marks.bytes };
      steps.push(step);
      bytes += step.bytes;
      drop();
    },
    reaches: (from) => from <= head && from >= head - (steps.length - first),
    since(from) {
      const newest = steps[steps.length - 1];
      if (newest !== undefined && from === head - 1) return newest.marks;
      const union = new Marks();
      for (let at = steps.length - 1; at >= first; at--) {
        const step = steps[at];
        if (step === undefined || step.seq <= from) break;
        union.addAll(step.marks);
      }
      return union;
    },
  };
}
