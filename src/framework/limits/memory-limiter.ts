import type { Clock } from "../../common/index.js";
import type { RateLimiter } from "../contracts/rate-limit.js";

export interface MemoryLimit {
  readonly points: number;
  readonly perMs: number;
  readonly maxKeys: number;
  readonly clock: Clock;
}

interface Window {
  used: number;
  readonly endMs: number;
}

/**
 * Counts in memory: a window of time begins with a key's first call and ends for all of its calls at once. No timers, no
 * promises: windows of one limit end in the order in which they began, so the oldest are looked at when another begins.
 */
export class MemoryLimiter implements RateLimiter {
  readonly #limit: MemoryLimit;
  readonly #windows = new Map<string, Window>();

  constructor(limit: MemoryLimit) {
    this.#limit = limit;
  }

  consume(key: string): number {
    const { points, clock } = this.#limit;
    const now = clock.now();
    const window = this.#windows.get(key);
    if (window === undefined || window.endMs <= now) {
      this.#begin(key, now);
      return 0;
    }
    if (window.used >= points) return Math.ceil(window.endMs - now);
    window.used++;
    return 0;
  }

  #begin(key: string, now: number): void {
    const { perMs, maxKeys } = this.#limit;
    this.#windows.delete(key);
    for (const [oldest, { endMs }] of this.#windows) {
      // Whoever comes with ever new keys gains no more than the oldest window's end before its time.
      if (endMs > now && this.#windows.size < maxKeys) break;
      this.#windows.delete(oldest);
    }
    this.#windows.set(key, { used: 1, endMs: now + perMs });
  }
}
