import { type Deadlines, isThenable } from "../../common/index.js";
import { GatewayException } from "../client-errors.js";
import type { Call } from "./call.js";
import { isEcho } from "./echo.js";
import type { ErrorReporter } from "./error-reporter.js";
import type { Step } from "./step.js";

export interface TimeLimit {
  /** 0 means none. */
  readonly timeoutMs: number;
  readonly deadlines: Deadlines;
  readonly reporter: ErrorReporter;
}

/**
 * Gives up waiting for `step` after a while, or when its call is cancelled. What it does afterwards is ignored; a later
 * error is logged, unless it says no more than that the call was given up.
 */
export function withTimeout(step: Step, limit: TimeLimit): Step {
  return (call, input) => {
    const output = step(call, input);
    return isThenable(output) ? patiently(output, call, limit) : output;
  };
}

function patiently(
  output: PromiseLike<unknown>,
  call: Call,
  { timeoutMs, deadlines, reporter }: TimeLimit,
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    let givenUpFor: GatewayException | undefined;
    const deadline =
      timeoutMs === 0
        ? undefined
        : deadlines.add(timeoutMs, () => {
            call.cancel(new GatewayException("TIMEOUT"));
          });
    call.onCancel = (reason) => {
      deadline?.cancel();
      givenUpFor = reason;
      reject(reason);
    };
    Promise.resolve(output).then(
      (value) => {
        deadline?.cancel();
        resolve(value);
      },
      (error: unknown) => {
        deadline?.cancel();
        if (givenUpFor === undefined) {
          // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- whatever was thrown goes on
          reject(error);
        } else if (!isEcho(error, givenUpFor)) reporter.unanswered(error, call);
      },
    );
  });
}
