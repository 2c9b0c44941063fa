import type { Clock } from "./clock.js";

/** So many a second, and as many at once after a pause. */
export class RateLimit {
  readonly #perSecond: number;
  readonly #clock: Clock;
  #left: number;
  #at: number;

  constructor(perSecond: number, clock: Clock) {
    this.#perSecond = perSecond;
    this.#clock = clock;
    this.#left = perSecond;
    this.#at = clock.now();
  }

  /** Counts one more. @returns how many may follow at once; below 0, by how many the rate is exceeded. */
  take(): number {
    const now = this.#clock.now();
    const regained = ((now - this.#at) * this.#perSecond) / 1_000;
    this.#at = now;
    this.#left = Math.min(this.#perSecond, this.#left + regained) - 1;
    return this.#left;
  }

  /** Counts one more unless that exceeds the rate: who is refused does not keep the others waiting. */
  allows(): boolean {
    if (this.take() >= 0) return true;
    this.#left += 1;
    return false;
  }
}
