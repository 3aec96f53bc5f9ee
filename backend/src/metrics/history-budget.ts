// The memory of all histories together, against HISTORY_MAX_BYTES. Where it is spent, histories stop growing: what a
// series already has goes on as a shorter window, and the refusal is counted.
export class HistoryBudget {
  readonly #maxBytes: number;
  #bytes = 0;
  /** Times that a history wanted to grow and could not. */
  refusals = 0;

  constructor(maxBytes = Number.POSITIVE_INFINITY) {
    this.#maxBytes = maxBytes;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get isSpent(): boolean {
    return this.#bytes >= this.#maxBytes;
  }

  /** False where they are not to be had. What was admitted must begin somewhere, so the first of it always is. */
  take(bytes: number, isFirst: boolean): boolean {
    if (!isFirst && this.#bytes + bytes > this.#maxBytes) {
      this.refusals += 1;
      return false;
    }
    this.#bytes += bytes;
    return true;
  }

  give(bytes: number): void {
    this.#bytes -= bytes;
  }
}
