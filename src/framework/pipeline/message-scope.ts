import { isThenable } from "../../common/index.js";
import type { Scopes } from "../container/scopes.js";
import type { Step } from "./step.js";

/**
 * Opens the scope of a call and closes it when `step` has settled, as `await using` does: the outcome waits until its
 * instances have been disposed of.
 */
export function withMessageScope(step: Step, scopes: Scopes): Step {
  return (call, input) => {
    scopes.open(call);
    let output: unknown;
    try {
      output = step(call, input);
      if (isThenable(output)) return Promise.resolve(output).finally(() => scopes.close(call));
    } catch (error) {
      const closing = scopes.close(call);
      if (closing === undefined) throw error;
      return closing.then(() => {
        throw error;
      });
    }
    const closing = scopes.close(call);
    return closing === undefined ? output : closing.then(() => output);
  };
}
