import { BenchmarkError, within } from "../errors.js";

const REPLIES_TIMEOUT_MS = 10_000;

/** Counts what the servers owe and what came; a run passes only when both are equal. */
export class Ledger {
  #owed = 0;
  #received = 0;
  #settle: (() => void) | undefined;
  #reject: ((error: Error) => void) | undefined;
  #failure: Error | undefined;

  get received(): number {
    return this.#received;
  }

  owe(count: number): void {
    this.#owed += count;
  }

  receive(count: number): void {
    this.#received += count;
    if (this.#received > this.#owed) this.refuseExcess();
    if (this.#received === this.#owed) this.#settle?.();
  }

  /** Somebody got what was not for them, or the same twice. */
  refuseExcess(): void {
    this.fail(new BenchmarkError("The server sent more than it was asked for."));
  }

  /** Makes the run end with this error, now if it waits, else as soon as it does. */
  fail(error: Error): void {
    this.#failure ??= error;
    this.#reject?.(this.#failure);
  }

  /** Resolves when nothing is owed any more; rejects on a failure and when replies stay out. */
  async settled(): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#received === this.#owed) return;
    const settled = new Promise<void>((resolve, reject) => {
      this.#settle = resolve;
      this.#reject = reject;
    });
    const missing = (): string => `Received ${this.#received} of ${this.#owed} replies.`;
    try {
      await within(REPLIES_TIMEOUT_MS, missing, settled);
    } finally {
      this.#settle = undefined;
      this.#reject = undefined;
    }
  }
}
