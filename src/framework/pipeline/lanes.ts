import { Deadlines, type Clock } from "../../common/index.js";
import type { Socket } from "../../core.js";
import type { GatewayException } from "../client-errors.js";
import type { ErrorReporter } from "./error-reporter.js";
import { LaneTable, type Job, type LaneOptions } from "./lane-table.js";

export type { Job } from "./lane-table.js";

export interface LanesOptions {
  /** How many jobs of one lane may wait. */
  readonly maxWaiting: number;
  readonly clock: Clock;
  readonly reporter: ErrorReporter;
}

/**
 * Keeps each socket's events in the order of arrival: one runs, the others of that socket wait. Beside that there are
 * tables for handlers with an order of their own.
 */
export class Lanes {
  readonly #options: LaneOptions;
  readonly #sockets: LaneTable;
  readonly #tables: LaneTable[];
  /** How many jobs of a socket run or wait beside its order. */
  readonly #aside = new Map<Socket, number>();
  /** What waits until a socket has none of these. */
  readonly #departures = new Map<Socket, (() => void)[]>();
  readonly #detached = new Set<Job>();
  #idleCallbacks: (() => void)[] = [];

  constructor({ clock, ...options }: LanesOptions) {
    this.#options = { ...options, deadlines: new Deadlines(clock, { isWarm: true }) };
    this.#sockets = new LaneTable(this.#options, 1, this.#checkIdle);
    this.#tables = [this.#sockets];
  }

  /** Runs a job after everything that came before it for its socket. */
  submit(job: Job): void {
    this.#sockets.submit(job.socket, job);
  }

  /** A table of its own; `whenIdle` and `cancelAll` know of it. */
  addTable(limit: number): LaneTable {
    const table = new LaneTable(this.#options, limit, this.#checkIdle);
    this.#tables.push(table);
    return table;
  }

  /** Runs a job by that table, beside whatever else its socket does. */
  submitAside(job: Job, table: LaneTable): void {
    const { socket } = job;
    this.#aside.set(socket, (this.#aside.get(socket) ?? 0) + 1);
    table.submit(
      socket,
      new EndingJob(job, () => {
        this.#endAside(socket);
      }),
    );
  }

  /** Runs the last job of a socket: after all others of it, those beside its order too. */
  submitLast(job: Job): void {
    const { socket, label } = job;
    const run = (): Promise<void> | undefined => {
      if (!this.#aside.has(socket)) return job.run();
      return this.#whenAlone(socket).then(() => job.run());
    };
    this.submit({ socket, label, run, cancel: (reason) => job.cancel?.(reason) });
  }

  /** Runs a job at once, past the queue; `whenIdle` waits for it all the same. */
  runDetached(job: Job): void {
    const pending = job.run();
    if (pending === undefined) return;
    this.#detached.add(job);
    void pending.then(() => {
      this.#detached.delete(job);
      this.#checkIdle();
    });
  }

  /** Ends early whatever runs or waits. */
  cancelAll(reason: GatewayException): void {
    const jobs = [...this.#detached, ...this.#tables.flatMap((table) => table.jobs())];
    for (const job of jobs) job.cancel?.(reason);
  }

  /** Resolves as soon as nothing runs and nothing waits. */
  whenIdle(): Promise<void> {
    return new Promise((resolve) => {
      this.#idleCallbacks.push(resolve);
      this.#checkIdle();
    });
  }

  #endAside(socket: Socket): void {
    const left = (this.#aside.get(socket) ?? 1) - 1;
    if (left > 0) {
      this.#aside.set(socket, left);
      return;
    }
    this.#aside.delete(socket);
    const departures = this.#departures.get(socket) ?? [];
    this.#departures.delete(socket);
    for (const depart of departures) depart();
  }

  #whenAlone(socket: Socket): Promise<void> {
    return new Promise((resolve) => {
      this.#departures.set(socket, [...(this.#departures.get(socket) ?? []), resolve]);
    });
  }

  readonly #checkIdle = (): void => {
    if (this.#detached.size > 0 || this.#tables.some(({ isIdle }) => !isIdle)) return;
    const callbacks = this.#idleCallbacks;
    this.#idleCallbacks = [];
    for (const callback of callbacks) callback();
  };
}

/** A job that tells when it has ended, whichever way. */
export class EndingJob implements Job {
  readonly #job: Job;
  readonly #onEnd: () => void;

  constructor(job: Job, onEnd: () => void) {
    this.#job = job;
    this.#onEnd = onEnd;
  }

  get socket(): Socket {
    return this.#job.socket;
  }

  get label(): string {
    return this.#job.label;
  }

  get isOver(): boolean {
    return this.#job.isOver === true;
  }

  run(): Promise<void> | undefined {
    const pending = this.#job.run();
    if (pending !== undefined) return pending.then(this.#onEnd);
    this.#onEnd();
    return undefined;
  }

  refuse(): void {
    this.#job.refuse?.();
    this.#onEnd();
  }

  cancel(reason: GatewayException): void {
    this.#job.cancel?.(reason);
  }
}
