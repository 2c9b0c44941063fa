import { isThenable } from "../../common/index.js";
import type { Socket } from "../../core.js";
import { Call, type CallTarget } from "./call.js";
import type { ErrorReporter } from "./error-reporter.js";
import type { Job } from "./lanes.js";
import type { Step } from "./step.js";

/** What all calls of one hook share. */
export interface HookPlan extends CallTarget {
  readonly run: Step;
  readonly reporter: ErrorReporter;
}

/** One run of a hook that nobody waits for: what it throws is logged. */
export abstract class UnansweredCall extends Call implements Job {
  readonly #plan: HookPlan;

  constructor(plan: HookPlan, socket: Socket, args: readonly unknown[]) {
    super(plan, socket, args);
    this.#plan = plan;
  }

  get label(): string {
    return this.#plan.label;
  }

  run(): Promise<void> | undefined {
    try {
      const output = this.#plan.run(this, undefined);
      if (isThenable(output)) {
        return Promise.resolve(output).then(
          () => this.end(),
          (error: unknown) => this.#fail(error),
        );
      }
      this.end();
    } catch (error) {
      this.#fail(error);
    }
    return undefined;
  }

  #fail(error: unknown): void {
    this.end();
    this.#plan.reporter.unanswered(error, this);
  }
}
