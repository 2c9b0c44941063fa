import { isThenable } from "../../common/index.js";
import type { AbstractClass } from "../contracts/class.js";
import type { ExceptionFilter } from "../contracts/filter.js";
import type { Call } from "./call.js";
import type { Step } from "./step.js";

/** A filter with the classes that `@Catch` limits it to; `undefined` means everything. */
export interface BoundFilter {
  readonly filter: ExceptionFilter;
  readonly types: readonly AbstractClass[] | undefined;
}

/** What a filter answered in place of an error; it goes to the client whatever the handler's way of answering. */
export class FilterAnswer {
  readonly value: unknown;

  constructor(value: unknown) {
    this.value = value;
  }
}

/** Runs `step`, and the filters on what it throws, the nearest first. Without filters the step stays as it is. */
export function withFilters(step: Step, filters: readonly BoundFilter[]): Step {
  if (filters.length === 0) return step;
  return (call, input) => {
    try {
      const output = step(call, input);
      if (!isThenable(output)) return output;
      return Promise.resolve(output).then(undefined, (error: unknown) => rescue(error, call, filters));
    } catch (error) {
      return rescue(error, call, filters);
    }
  };
}

/** @throws what was thrown, or what the last filter threw in its place, when no filter answered. */
async function rescue(thrown: unknown, call: Call, filters: readonly BoundFilter[]): Promise<FilterAnswer> {
  let error = thrown;
  for (const { filter, types } of filters) {
    if (types !== undefined && !types.some((type) => error instanceof type)) continue;
    try {
      const answer = await filter.catch(error, call);
      if (answer !== undefined && call.kind !== "connect") return new FilterAnswer(answer);
    } catch (replacement) {
      error = replacement;
    }
  }
  throw error;
}
