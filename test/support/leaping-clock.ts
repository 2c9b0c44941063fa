import { systemClock, type Clock, type Timer } from "../../src/common/index.js";

interface Pending {
  readonly at: number;
  readonly fire: () => void;
  readonly real: Timer;
}

/** The process's time, which a test can move on: what real clients wait for goes on meanwhile. */
export class LeapingClock implements Clock {
  #leaptMs = 0;
  readonly #pending = new Set<Pending>();

  now(): number {
    return systemClock.now() + this.#leaptMs;
  }

  setTimeout(callback: () => void, delayMs: number): Timer {
    const fire = (): void => {
      this.clearTimeout(timer);
      callback();
    };
    const timer: Pending = { at: this.now() + delayMs, fire, real: systemClock.setTimeout(fire, delayMs) };
    this.#pending.add(timer);
    return timer;
  }

  clearTimeout(timer: Timer): void {
    const pending = timer as Pending;
    systemClock.clearTimeout(pending.real);
    this.#pending.delete(pending);
  }

  /** Time passes at once: the timers whose time has come fire, the earliest first. */
  leap(durationMs: number): void {
    this.#leaptMs += durationMs;
    const due = [...this.#pending].filter(({ at }) => at <= this.now()).sort((one, other) => one.at - other.at);
    for (const { fire } of due) fire();
  }
}
