import type { Interceptor } from "../contracts/interceptor.js";
import { chain } from "../thenable.js";
import type { Call } from "./call.js";
import type { ErrorReporter } from "./error-reporter.js";
import { observeStep } from "./observable.js";
import type { Step } from "./step.js";

/** Puts interceptors around a step, the first outermost. Without any the step stays as it is. */
export function withInterceptors(step: Step, interceptors: readonly Interceptor[], reporter: ErrorReporter): Step {
  return interceptors.reduceRight((inner, interceptor) => around(inner, interceptor, reporter), step);
}

function around(inner: Step, interceptor: Interceptor, reporter: ErrorReporter): Step {
  return (call, input) => {
    const rest = new Rest(inner, call, reporter);
    return rest.outcomeOf(interceptor.intercept(call, () => rest.run(input)));
  };
}

/** What an interceptor stands around: the rest of one call. */
class Rest {
  readonly #inner: Step;
  readonly #call: Call;
  readonly #reporter: ErrorReporter;
  #isOver = false;

  constructor(inner: Step, call: Call, reporter: ErrorReporter) {
    this.#inner = inner;
    this.#call = call;
    this.#reporter = reporter;
  }

  /** Interceptors see promises alone, also of what is thrown at once. */
  run(input: unknown): Promise<unknown> {
    const outcome = new Promise((resolve) => {
      resolve(this.#inner(this.#call, input));
    });
    // An interceptor may leave it unawaited: that must not end the process, nor get lost.
    outcome.catch((error: unknown) => {
      if (this.#isOver) this.#reporter.unanswered(error, this.#call);
    });
    return outcome;
  }

  /** @param output - what the interceptor returned; when that is there, nobody waits for the rest any more. */
  outcomeOf(output: unknown): unknown {
    const value = chain(output, (returned) => observeStep(this.#call, returned));
    return chain(value, (last) => {
      this.#isOver = true;
      return last;
    });
  }
}
