import type { Deadline, Deadlines } from "../common/index.js";
import { AckTimeoutError } from "./errors.js";

/** What the other servers say to an emit, once: adapters whose connection breaks meanwhile may give no answer at all. */
export class ServersAnswer {
  readonly #tell: (outcome: unknown[]) => void;
  #isGiven = false;
  #deadline: Deadline | undefined;

  /** @param tell - gets the arguments of the callback. */
  constructor(tell: (outcome: unknown[]) => void) {
    this.#tell = tell;
  }

  /** Called by the adapter, with `(error, responses)`. */
  readonly settle = (...outcome: unknown[]): void => {
    if (this.#isGiven) return;
    this.#isGiven = true;
    this.#deadline?.cancel();
    this.#tell(outcome);
  };

  /** Waits no longer than this. */
  expireIn(timeoutMs: number, deadlines: Deadlines): void {
    if (this.#isGiven) return;
    this.#deadline = deadlines.add(timeoutMs, () => {
      this.settle(new AckTimeoutError(), []);
    });
  }
}
