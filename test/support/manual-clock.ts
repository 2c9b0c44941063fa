import type { Clock, Timer } from "../../src/common/index.js";

/** Node fires a timer after 1 ms when its delay is out of this range, or no number. */
const MAX_DELAY_MS = 2 ** 31 - 1;

interface Pending {
  readonly at: number;
  readonly callback: () => void;
}

/** A clock that stands still until it is moved. */
export class ManualClock implements Clock {
  #now = 0;
  readonly #pending = new Set<Pending>();

  /** How many timers wait. */
  get pendingTimers(): number {
    return this.#pending.size;
  }

  now(): number {
    return this.#now;
  }

  setTimeout(callback: () => void, delayMs: number): Timer {
    const timer = { at: this.#now + (delayMs >= 1 && delayMs <= MAX_DELAY_MS ? delayMs : 1), callback };
    this.#pending.add(timer);
    return timer;
  }

  clearTimeout(timer: Timer): void {
    this.#pending.delete(timer as Pending);
  }

  /** Lets time pass; timers fire when theirs has come, the earliest first. */
  advance(durationMs: number): void {
    const end = this.#now + durationMs;
    for (let next = this.#next(); next !== undefined && next.at <= end; next = this.#next()) {
      this.#pending.delete(next);
      this.#now = next.at;
      next.callback();
    }
    this.#now = end;
  }

  #next(): Pending | undefined {
    let earliest: Pending | undefined;
    for (const timer of this.#pending) if (earliest === undefined || timer.at < earliest.at) earliest = timer;
    return earliest;
  }
}
