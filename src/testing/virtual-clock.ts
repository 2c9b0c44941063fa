import { AsyncResource } from "node:async_hooks";
import type { Clock, Timer } from "../core.js";
import { toMilliseconds, type Duration } from "../framework/index.js";
import type { Activity } from "./activity.js";

interface PendingTimer {
  readonly atMs: number;
  readonly callback: () => void;
  /** The timer of the clock below, while time passes by itself. */
  below: Timer;
}

/** As much as is used here of what stands behind `setTimeout` once jest or vitest has faked it. */
interface FakeTimers {
  tickAsync(durationMs: number): Promise<unknown>;
}

/**
 * The time of an application under test: that of the process, and further ahead by every `advance`.
 *
 * Whatever the server measures goes by it: acknowledgement and handler timeouts, heartbeats, rate limits, recovery. Timers
 * that providers start by themselves do not, unless the runner's fake timers are in use: `advance` moves those too, and
 * moving them moves this clock.
 */
export class VirtualClock implements Clock {
  readonly #below: Clock;
  readonly #activity: Activity;
  readonly #pending = new Set<PendingTimer>();
  #aheadMs = 0;
  #stoppedAtMs: number | undefined;
  #advance = Promise.resolve();
  /** Is told of every step that `advance` takes. */
  #onStep: (durationMs: number) => void = () => undefined;

  /** @param activity - of the same test: time passes on when what one timer has set off has had its effect. */
  constructor(below: Clock, activity: Activity) {
    this.#below = below;
    this.#activity = activity;
  }

  now(): number {
    return this.#stoppedAtMs ?? this.#below.now() + this.#aheadMs;
  }

  setTimeout(callback: () => void, delayMs: number): Timer {
    // Whoever lets the time pass, it fires where it was started: an AsyncLocalStorage has what it had.
    const bound = AsyncResource.bind(callback);
    const timer: PendingTimer = { atMs: this.now() + delayMs, callback: bound, below: undefined };
    this.#pending.add(timer);
    if (this.#stoppedAtMs === undefined) this.#arm(timer);
    return timer;
  }

  clearTimeout(timer: Timer): void {
    if (this.#pending.delete(timer as PendingTimer)) this.#disarm(timer as PendingTimer);
  }

  /** From here on time stands still, at a whole millisecond, but for `advance`. */
  stop(): void {
    this.#stoppedAtMs ??= Math.ceil(this.now());
    for (const timer of this.#pending) this.#disarm(timer);
  }

  /** From here on time passes by itself again. */
  start(): void {
    if (this.#stoppedAtMs === undefined) return;
    this.#aheadMs = this.#stoppedAtMs - this.#below.now();
    this.#stoppedAtMs = undefined;
    for (const timer of this.#pending) this.#arm(timer);
  }

  /**
   * Lets time pass at once. What the test has just sent arrives before; timers fire in their order, each with its effects
   * on clients (a heartbeat is answered) before the next.
   *
   * @param duration - milliseconds, or text such as "5s".
   * @throws GatewayError `GATEWAY_BAD_DURATION`
   */
  async advance(duration: Duration): Promise<void> {
    const durationMs = toMilliseconds(duration, "clock.advance()");
    const advance = this.#advance.then(() => this.#pass(durationMs));
    this.#advance = advance.catch(() => undefined);
    await advance;
  }

  /** @internal */
  observe(onStep: (durationMs: number) => void): void {
    this.#onStep = onStep;
  }

  async #pass(durationMs: number): Promise<void> {
    await this.#activity.quiet();
    const wasStopped = this.#stoppedAtMs !== undefined;
    this.stop();
    const endMs = this.now() + durationMs;
    try {
      for (let next = this.#earliest(endMs); next !== undefined; next = this.#earliest(endMs)) {
        await this.#moveTo(next.atMs);
        if (this.#pending.delete(next)) next.callback();
        await this.#activity.quiet();
      }
      await this.#moveTo(endMs);
      await this.#activity.quiet();
    } finally {
      if (!wasStopped) this.start();
    }
  }

  #earliest(endMs: number): PendingTimer | undefined {
    let earliest: PendingTimer | undefined;
    for (const timer of this.#pending) {
      if (timer.atMs <= endMs && (earliest === undefined || timer.atMs < earliest.atMs)) earliest = timer;
    }
    return earliest;
  }

  async #moveTo(atMs: number): Promise<void> {
    const durationMs = atMs - this.now();
    if (durationMs <= 0) return;
    this.#stoppedAtMs = atMs;
    this.#onStep(durationMs);
    await fakeTimers()?.tickAsync(durationMs);
  }

  #arm(timer: PendingTimer): void {
    const fire = (): void => {
      this.#pending.delete(timer);
      timer.callback();
    };
    const delayMs = Math.max(0, timer.atMs - this.now());
    // Time of the server is no work of handlers: it passes by `advance`, and heartbeats never end.
    timer.below = this.#activity.timers.outside(() => this.#below.setTimeout(fire, delayMs));
    // Nor is it a reason for the process to stay: an application that no test has closed would hold the runner for ever.
    this.#below.unref?.(timer.below);
  }

  #disarm(timer: PendingTimer): void {
    if (timer.below === undefined) return;
    this.#below.clearTimeout(timer.below);
    timer.below = undefined;
  }
}

/** Those of jest and of vitest are the same library's, which leaves itself on the functions that it replaces. */
function fakeTimers(): FakeTimers | undefined {
  return (globalThis.setTimeout as { readonly clock?: FakeTimers }).clock;
}
