import type { Socket } from "../../core.js";
import { isThenable } from "../thenable.js";
import { Call, type CallTarget } from "./call.js";
import type { ErrorReporter } from "./error-reporter.js";
import type { Job } from "./lanes.js";
import type { Step } from "./step.js";

/** What all calls of one disconnect hook share. */
export interface DisconnectPlan extends CallTarget {
  readonly run: Step;
  readonly reporter: ErrorReporter;
}

/** One run of a disconnect hook. Nobody waits for an answer: what it throws is logged. */
export class DisconnectCall extends Call implements Job {
  readonly #plan: DisconnectPlan;

  /** @param args - `[reason, description?]`. */
  constructor(plan: DisconnectPlan, socket: Socket, args: readonly unknown[]) {
    super(plan, socket, args);
    this.#plan = plan;
  }

  get kind(): "disconnect" {
    return "disconnect";
  }

  override get reason(): string {
    return String(this.args[0]);
  }

  get label(): string {
    return this.#plan.label;
  }

  run(): Promise<void> | undefined {
    try {
      const output = this.#plan.run(this, undefined);
      if (!isThenable(output)) return undefined;
      return Promise.resolve(output).then(
        () => undefined,
        (error: unknown) => this.#plan.reporter.unanswered(error, this),
      );
    } catch (error) {
      this.#plan.reporter.unanswered(error, this);
      return undefined;
    }
  }
}
