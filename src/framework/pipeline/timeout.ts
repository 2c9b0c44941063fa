import type { Deadlines } from "../../common/index.js";
import { GatewayException } from "../client-errors.js";
import { isThenable } from "../thenable.js";
import type { ErrorReporter } from "./error-reporter.js";
import type { Step } from "./step.js";

export interface TimeLimit {
  /** 0 means none. */
  readonly timeoutMs: number;
  readonly deadlines: Deadlines;
  readonly reporter: ErrorReporter;
}

/** Gives up waiting for `step` after a while. What it does afterwards is ignored; a later error is logged. */
export function withTimeout(step: Step, { timeoutMs, deadlines, reporter }: TimeLimit): Step {
  if (timeoutMs === 0) return step;
  return (call, input) => {
    const output = step(call, input);
    if (!isThenable(output)) return output;
    return new Promise((resolve, reject) => {
      let isLate = false;
      const deadline = deadlines.add(timeoutMs, () => {
        isLate = true;
        reject(new GatewayException("TIMEOUT"));
      });
      Promise.resolve(output).then(
        (value) => {
          deadline.cancel();
          resolve(value);
        },
        (error: unknown) => {
          deadline.cancel();
          if (isLate) reporter.unanswered(error, call);
          // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- whatever was thrown goes on
          else reject(error);
        },
      );
    });
  };
}
