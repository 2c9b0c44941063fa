import type { Deadline, Deadlines } from "../../common/index.js";
import type { Socket } from "../../core.js";
import type { GatewayException } from "../client-errors.js";
import type { ErrorReporter } from "./error-reporter.js";

/** Something to run in its turn. */
export interface Job {
  readonly socket: Socket;
  readonly label: string;
  /** Whether nobody waits for it any more: `run` then ends at once. */
  readonly isOver?: boolean;
  /** @returns `undefined` when it has ended, or else a promise that never rejects. Never throws. */
  run(): Promise<void> | undefined;
  /** Called in place of `run` when too many wait; jobs without it always find room. */
  refuse?(): void;
  /** Ends it early, whether it runs or waits. */
  cancel?(reason: GatewayException): void;
}

export interface LaneOptions {
  /** How many jobs of one lane may wait. */
  readonly maxWaiting: number;
  readonly deadlines: Deadlines;
  readonly reporter: ErrorReporter;
}

interface Lane {
  readonly key: unknown;
  readonly running: Job[];
  waiting: Job[];
  /** Rings when somebody has waited too long for those that run. */
  alarm: Deadline | undefined;
}

const SLOW_MS = 1_000;

/**
 * Runs jobs of the same key one after another, or so many at once; those of different keys do not know of each other.
 * Only keys with a job that has not ended have a lane: jobs that end at once cost one look at an empty map.
 */
export class LaneTable {
  readonly #options: LaneOptions;
  readonly #limit: number;
  readonly #onIdle: () => void;
  readonly #busy = new Map<unknown, Lane>();
  readonly #slow = new Set<string>();

  /**
   * @param limit - how many jobs of a key run at once.
   * @param onIdle - called when nothing runs and nothing waits any more.
   */
  constructor(options: LaneOptions, limit: number, onIdle: () => void) {
    this.#options = options;
    this.#limit = limit;
    this.#onIdle = onIdle;
  }

  get isIdle(): boolean {
    return this.#busy.size === 0;
  }

  submit(key: unknown, job: Job): void {
    const lane = this.#busy.size === 0 ? undefined : this.#busy.get(key);
    if (lane !== undefined && lane.running.length >= this.#limit) {
      this.#wait(lane, job);
      return;
    }
    const pending = job.run();
    if (pending !== undefined) this.#occupy(key, job, pending);
  }

  /** All jobs that run or wait. */
  jobs(): Job[] {
    return [...this.#busy.values()].flatMap(({ running, waiting }) => [...running, ...waiting]);
  }

  #wait(lane: Lane, job: Job): void {
    const { maxWaiting } = this.#options;
    if (job.refuse !== undefined && lane.waiting.length >= maxWaiting) {
      this.#dropEnded(lane);
      if (lane.waiting.length >= maxWaiting) {
        job.refuse();
        return;
      }
    }
    lane.waiting.push(job);
    if (lane.alarm === undefined) this.#setAlarm(lane);
  }

  /** Jobs that nobody waits for any more take no room from others. */
  #dropEnded(lane: Lane): void {
    const ended = lane.waiting.filter(({ isOver }) => isOver === true);
    lane.waiting = lane.waiting.filter(({ isOver }) => isOver !== true);
    for (const job of ended) void job.run();
  }

  #occupy(key: unknown, job: Job, pending: Promise<void>): void {
    let lane = this.#busy.get(key);
    if (lane === undefined) {
      lane = { key, running: [], waiting: [], alarm: undefined };
      this.#busy.set(key, lane);
    }
    this.#follow(lane, job, pending);
  }

  #follow(lane: Lane, job: Job, pending: Promise<void>): void {
    lane.running.push(job);
    void pending.then(() => {
      lane.running.splice(lane.running.indexOf(job), 1);
      this.#advance(lane);
    });
  }

  #advance(lane: Lane): void {
    lane.alarm?.cancel();
    lane.alarm = undefined;
    while (lane.running.length < this.#limit) {
      const job = lane.waiting.shift();
      if (job === undefined) break;
      const pending = job.run();
      if (pending !== undefined) this.#follow(lane, job, pending);
    }
    if (lane.waiting.length > 0) this.#setAlarm(lane);
    if (lane.running.length > 0) return;
    this.#busy.delete(lane.key);
    if (this.#busy.size === 0) this.#onIdle();
  }

  #setAlarm(lane: Lane): void {
    if (lane.running.every(({ label }) => this.#slow.has(label))) return;
    lane.alarm = this.#options.deadlines.add(SLOW_MS, () => {
      this.#warn(lane);
    });
  }

  #warn({ running, waiting }: Lane): void {
    for (const { label } of running) {
      if (this.#slow.has(label)) continue;
      this.#slow.add(label);
      const message = `${label} keeps other events of its socket waiting for over a second (said once)`;
      this.#options.reporter.warn(message, { waiting: waiting.length });
    }
  }
}
