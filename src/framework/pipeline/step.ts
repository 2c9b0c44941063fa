import { isThenable } from "../../common/index.js";
import type { Call } from "./call.js";

/**
 * A part of a compiled pipeline. It gets what the part before it returned, and returns a value, or a thenable when it has
 * to wait.
 */
export type Step = (call: Call, input: unknown) => unknown;

/**
 * Joins steps into one function. Nothing is allocated and no promise is made until a step returns a thenable: a pipeline of
 * synchronous steps is a chain of plain calls.
 */
export function joinSteps(steps: readonly Step[]): Step {
  return steps.length === 0 ? passOn : steps.reduce(join);
}

const passOn: Step = (_call, input) => input;

function join(first: Step, second: Step): Step {
  return (call, input) => {
    const output = first(call, input);
    if (!isThenable(output)) return second(call, output);
    // Promise.resolve tames thenables that call back twice, at once, or throw.
    return Promise.resolve(output).then((value) => second(call, value));
  };
}
