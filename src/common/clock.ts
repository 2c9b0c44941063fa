/** Handle of a pending timer; opaque, give it back to the clock that made it. */
export type Timer = unknown;

/** Where time comes from. Everything that waits takes a clock, so tests move time instead of sleeping. */
export interface Clock {
  /** Monotonic milliseconds; only differences mean something. */
  now(): number;
  setTimeout(callback: () => void, delayMs: number): Timer;
  clearTimeout(timer: Timer): void;
  /** Lets the process end although the timer is pending. */
  unref?(timer: Timer): void;
}

/** The process's own time. Globals are read at each call, so that jest's fake timers apply. */
export const systemClock: Clock = {
  now: () => performance.now(),
  setTimeout: (callback, delayMs) => setTimeout(callback, delayMs),
  clearTimeout: (timer) => {
    clearTimeout(timer as NodeJS.Timeout);
  },
  // Jest's fake timers have it, those of a browser's environment have not.
  unref: (timer) => (timer as Partial<NodeJS.Timeout>).unref?.(),
};
