import type { Clock } from "../../common/index.js";
import type { Socket } from "../../core.js";
import type { ErrorReporter } from "./error-reporter.js";

/** Something to run for a socket after everything that came before it. */
export interface Job {
  readonly socket: Socket;
  readonly label: string;
  /** @returns `undefined` when it has ended, or else a promise that never rejects. Never throws. */
  run(): Promise<void> | undefined;
  /** Called in place of `run` when too many wait; jobs without it always find room. */
  refuse?(): void;
}

export interface LaneOptions {
  /** How many jobs of one socket may wait. */
  readonly maxWaiting: number;
  readonly clock: Clock;
  readonly reporter: ErrorReporter;
}

interface Lane {
  current: Job;
  readonly waiting: Job[];
  /** When the first of those waiting began to wait for the current job. */
  waitingSince: number;
}

const SLOW_MS = 1_000;

/**
 * Keeps each socket's events in the order of arrival: one runs, the others of that socket wait. Only sockets with a job
 * that has not ended have a lane, so synchronous handlers cost one look at an empty map.
 */
export class Lanes {
  readonly #options: LaneOptions;
  readonly #busy = new Map<Socket, Lane>();
  readonly #slow = new Set<string>();
  #detached = 0;
  #idleCallbacks: (() => void)[] = [];

  constructor(options: LaneOptions) {
    this.#options = options;
  }

  submit(job: Job): void {
    const lane = this.#busy.size === 0 ? undefined : this.#busy.get(job.socket);
    if (lane !== undefined) {
      this.#wait(lane, job);
      return;
    }
    const pending = job.run();
    if (pending !== undefined) this.#occupy(job, pending);
  }

  /** Runs a job at once, past the queue; `whenIdle` waits for it all the same. */
  runDetached(job: Job): void {
    const pending = job.run();
    if (pending === undefined) return;
    this.#detached++;
    void pending.then(() => {
      this.#detached--;
      this.#checkIdle();
    });
  }

  /** Resolves as soon as nothing runs and nothing waits. */
  whenIdle(): Promise<void> {
    return new Promise((resolve) => {
      this.#idleCallbacks.push(resolve);
      this.#checkIdle();
    });
  }

  #wait(lane: Lane, job: Job): void {
    if (job.refuse !== undefined && lane.waiting.length >= this.#options.maxWaiting) {
      job.refuse();
      return;
    }
    if (lane.waiting.length === 0) lane.waitingSince = this.#options.clock.now();
    lane.waiting.push(job);
  }

  #occupy(job: Job, pending: Promise<void>): void {
    const lane: Lane = { current: job, waiting: [], waitingSince: 0 };
    this.#busy.set(job.socket, lane);
    void pending.then(() => this.#advance(lane));
  }

  #advance(lane: Lane): void {
    if (lane.waiting.length > 0) this.#warnWhenSlow(lane);
    for (let job = lane.waiting.shift(); job !== undefined; job = lane.waiting.shift()) {
      lane.current = job;
      const pending = job.run();
      if (pending !== undefined) {
        lane.waitingSince = this.#options.clock.now();
        void pending.then(() => this.#advance(lane));
        return;
      }
    }
    this.#busy.delete(lane.current.socket);
    this.#checkIdle();
  }

  #warnWhenSlow({ current, waiting, waitingSince }: Lane): void {
    const waitedMs = Math.round(this.#options.clock.now() - waitingSince);
    if (waitedMs <= SLOW_MS || this.#slow.has(current.label)) return;
    this.#slow.add(current.label);
    const message = `${current.label} keeps other events of its socket waiting (said once)`;
    this.#options.reporter.warn(message, { waitedMs, waiting: waiting.length });
  }

  #checkIdle(): void {
    if (this.#busy.size > 0 || this.#detached > 0) return;
    const callbacks = this.#idleCallbacks;
    this.#idleCallbacks = [];
    for (const callback of callbacks) callback();
  }
}
