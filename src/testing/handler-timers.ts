import { AsyncLocalStorage, createHook } from "node:async_hooks";
import { performance } from "node:perf_hooks";
import { setImmediate as nextTurn, setTimeout as delay } from "node:timers/promises";

/** As much as is looked at of what stands behind `setTimeout` and `setImmediate`, those of `node:timers/promises` too. */
interface NodeTimer {
  hasRef(): boolean;
  // Node documents none of these, and has had them in every version: whether it has fired or was cleared; of a timeout its
  // delay, and that of an interval once more. Tests under each supported version hold them.
  readonly _destroyed: boolean;
  readonly _idleTimeout?: number;
  readonly _repeat?: number | null;
}

interface PendingTimer {
  readonly timer: NodeTimer;
  readonly dueMs: number;
}

/** So many are remembered before those that have fired are looked for. */
const SWEEP_AT = 1_000;

const contexts = new AsyncLocalStorage<HandlerTimers | undefined>();
const watching = new Set<HandlerTimers>();

const starts = createHook({
  init(_asyncId, type, _triggerAsyncId, resource) {
    if (type === "Timeout" || type === "Immediate") contexts.getStore()?.add(resource as NodeTimer);
  },
});

/**
 * Timers of the process that handlers and hooks have started, awaited or not, and that will fire once. Node's own record of
 * what causes what says who has started them. Fake timers of a test runner are none of the process's.
 */
export class HandlerTimers {
  #pending: PendingTimer[] = [];
  #sweepAt = SWEEP_AT;

  /** From here on; costs some time for every promise of the process. */
  watch(): void {
    watching.add(this);
    starts.enable();
  }

  unwatch(): void {
    watching.delete(this);
    this.#pending = [];
    if (watching.size > 0) return;
    starts.disable();
    contexts.disable();
  }

  /** Runs what timers are watched of, whenever it starts them. */
  within<T>(work: () => T): T {
    return watching.has(this) ? contexts.run(this, work) : work();
  }

  /** Runs what starts timers that nobody waits for. */
  outside<T>(work: () => T): T {
    return watching.has(this) ? contexts.run(undefined, work) : work();
  }

  /**
   * Resolves when none is pending of those that are due by then. One that is cleared meanwhile is missed only when it would
   * have been due.
   *
   * @param untilMs - of `performance.now()`.
   * @returns whether there was one.
   */
  async ended(untilMs: number): Promise<boolean> {
    let hasWaited = false;
    for (let next = this.#next(untilMs); next !== undefined; next = this.#next(untilMs)) {
      hasWaited = true;
      const waitMs = next.dueMs - performance.now();
      await (waitMs > 0 ? delay(waitMs) : nextTurn());
    }
    return hasWaited;
  }

  add(timer: NodeTimer): void {
    if (typeof timer._repeat === "number") return;
    if (this.#pending.length >= this.#sweepAt) this.#sweep();
    this.#pending.push({ timer, dueMs: performance.now() + (timer._idleTimeout ?? 0) });
  }

  /** One that is due by then. */
  #next(untilMs: number): PendingTimer | undefined {
    this.#sweep();
    return this.#pending.find(({ dueMs }) => dueMs <= untilMs);
  }

  /** Forgets those that have fired, were cleared, or would let the process end. */
  #sweep(): void {
    this.#pending = this.#pending.filter(({ timer }) => !timer._destroyed && timer.hasRef());
    this.#sweepAt = SWEEP_AT + 2 * this.#pending.length;
  }
}
