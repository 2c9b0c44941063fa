import { performance } from "node:perf_hooks";
import { setImmediate as nextTurn } from "node:timers/promises";
import { HandlerTimers } from "./handler-timers.js";

/**
 * Turns of the event loop that must pass with nothing under way before a test counts as settled. One is enough for
 * handlers that await only promises; the others are for those that yield by `setImmediate` or `process.nextTick`.
 */
const QUIET_TURNS = 10;

const TIMERS_WITHIN_MS = 1_000;

/** Says that something has ended; further calls do nothing. */
export type End = () => void;

/** What a test has under way (frames on their way, answers awaited) and when all of it has come to rest. */
export class Activity {
  readonly timers = new HandlerTimers();
  readonly #timersWithinMs: number;
  readonly #servers = new Set<() => Promise<void>>();
  #pending = 0;
  #begun = 0;
  #onRest: (() => void)[] = [];

  /** @param timersWithinMs - how far ahead `settled` looks for timers of handlers. */
  constructor(timersWithinMs = TIMERS_WITHIN_MS) {
    this.#timersWithinMs = timersWithinMs;
  }

  /**
   * Counts the handlers of one more server, and the timers that they start.
   *
   * @param whenIdle - resolves when it runs no handler.
   * @returns to be called when the server is closed.
   */
  watch(whenIdle: () => Promise<void>): End {
    this.#servers.add(whenIdle);
    this.timers.watch();
    return () => {
      this.#servers.delete(whenIdle);
      if (this.#servers.size === 0) this.timers.unwatch();
    };
  }

  begin(): End {
    this.#pending += 1;
    this.#begun += 1;
    let hasEnded = false;
    return () => {
      if (hasEnded) return;
      hasEnded = true;
      this.#pending -= 1;
      if (this.#pending === 0) this.#announceRest();
    };
  }

  /** Resolves as soon as nothing is under way here; handlers of the server may still run. */
  async rest(): Promise<void> {
    if (this.#pending === 0) return;
    await new Promise<void>((resolve) => this.#onRest.push(resolve));
  }

  /**
   * Resolves when nothing has been under way for a few turns of the event loop: what is under way is waited for until it
   * ends, and timers of handlers when they are due soon after the call.
   */
  async settled(): Promise<void> {
    const timersUntilMs = performance.now() + this.#timersWithinMs;
    for (let quietTurns = 0; quietTurns < QUIET_TURNS;) {
      const begunBefore = this.#begun;
      await this.rest();
      for (const whenIdle of this.#servers) await whenIdle();
      const hasFired = await this.timers.ended(timersUntilMs);
      await nextTurn();
      const isQuiet = !hasFired && this.#pending === 0 && this.#begun === begunBefore;
      quietTurns = isQuiet ? quietTurns + 1 : 0;
    }
  }

  /**
   * Resolves when nothing has begun for a few turns of the event loop, whatever is still under way: all that is left to
   * wait for is time, or the world outside.
   */
  async quiet(): Promise<void> {
    for (let quietTurns = 0; quietTurns < QUIET_TURNS;) {
      const begunBefore = this.#begun;
      await nextTurn();
      quietTurns = this.#begun === begunBefore ? quietTurns + 1 : 0;
    }
  }

  #announceRest(): void {
    const waiting = this.#onRest;
    this.#onRest = [];
    for (const resolve of waiting) resolve();
  }
}
