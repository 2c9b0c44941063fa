import { CliError } from "../errors.js";
import type { Context } from "../command.js";
import { AppProcess, type AppCommand } from "./app-process.js";

/** How an app is kept running. */
export interface SupervisorOptions {
  readonly command: () => AppCommand;
  /** How long a process that is replaced may take to end. */
  readonly killAfterMs: number;
}

/**
 * Keeps one process of an app: a restart lets the old one end what is in flight, frees its port with it, and only then
 * starts the new one. However many restarts are asked for meanwhile, one follows.
 */
export class Supervisor {
  readonly #options: SupervisorOptions;
  readonly #context: Context;
  #app: AppProcess | undefined;
  #turn: Promise<void> | undefined;
  #isAskedAgain = false;
  #isStopped = false;

  constructor(options: SupervisorOptions, context: Context) {
    this.#options = options;
    this.#context = context;
  }

  /** Starts the app, or starts it anew. */
  async restart(): Promise<void> {
    this.#isAskedAgain = this.#turn !== undefined;
    this.#turn ??= this.#restart();
    await this.#turn;
  }

  /** Passes a signal on, and waits for the end. @returns the exit code; 0 when nothing runs. */
  async stop(signal: NodeJS.Signals): Promise<number> {
    this.#isStopped = true;
    // A process that is being replaced has been asked already; asked twice, it would cut short what is in flight.
    if (this.#turn === undefined) this.#app?.kill(signal);
    await this.#turn;
    return this.#app === undefined ? 0 : this.#app.ended;
  }

  async #restart(): Promise<void> {
    try {
      do {
        this.#isAskedAgain = false;
        await this.#app?.stop(this.#options.killAfterMs, this.#context);
        if (!this.#isStopped) this.#start();
      } while (this.#mustGoOn);
    } finally {
      this.#turn = undefined;
    }
  }

  get #mustGoOn(): boolean {
    return this.#isAskedAgain && !this.#isStopped;
  }

  #start(): void {
    const app = new AppProcess(this.#options.command(), this.#context);
    this.#app = app;
    void app.ended.then((exitCode) => {
      const isUnexpected = this.#app === app && this.#turn === undefined && !this.#isStopped;
      if (isUnexpected) this.#context.output.warn(`the app has ended with ${exitCode}; a change starts it again.`);
    });
  }
}

/** The signal that an interrupt stands for. */
export function signalOf(reason: unknown): NodeJS.Signals {
  return CliError.is(reason, "CLI_INTERRUPTED") ? (reason.values["signal"] as NodeJS.Signals) : "SIGTERM";
}
