import { setImmediate as nextTurn } from "node:timers/promises";
import type { Clock, Timer } from "../../common/index.js";

/** A time that several things may take together: one promise and one timer for all that is waited for. */
export class Patience {
  readonly #clock: Clock;
  readonly #timer: Timer;
  readonly #end: Promise<true>;
  #hasEnded = false;

  constructor(clock: Clock, durationMs: number) {
    let onEnd: (value: true) => void = () => undefined;
    this.#clock = clock;
    this.#end = new Promise((resolve) => {
      onEnd = resolve;
    });
    this.#timer = clock.setTimeout(() => {
      this.#hasEnded = true;
      onEnd(true);
    }, durationMs);
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /**
   * @returns whether the patience ended before `work` did; what takes no time has ended before it.
   * @throws what `work` rejects with.
   */
  async endsBefore(work: Promise<unknown>): Promise<boolean> {
    const settled = work.then(() => false);
    if (!(await Promise.race([settled, this.#end]))) return false;
    return Promise.race([settled, nextTurn(true)]);
  }

  cancel(): void {
    this.#clock.clearTimeout(this.#timer);
  }
}
