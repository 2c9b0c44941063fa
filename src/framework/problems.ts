import { GatewayError } from "./errors.js";

/** What keeps an application from starting: found one by one, reported together. */
export class Problems {
  readonly #errors: GatewayError[] = [];

  /** Runs a part of the start; a `GatewayError` of it is kept for later, and the part's result is missing. */
  try<T>(part: () => T): T | undefined {
    try {
      return part();
    } catch (error) {
      this.#keep(error);
      return undefined;
    }
  }

  /** {@link try} for parts that take their time. */
  async tryAsync<T>(part: () => Promise<T>): Promise<T | undefined> {
    try {
      return await part();
    } catch (error) {
      this.#keep(error);
      return undefined;
    }
  }

  add(error: GatewayError): void {
    const { cause } = error;
    if (error.code === "GATEWAY_START_FAILED" && cause instanceof AggregateError)
      this.#errors.push(...(cause.errors as GatewayError[]));
    else this.#errors.push(error);
  }

  /**
   * Ends the start when something was found.
   *
   * @throws GatewayError itself when there is one; `GATEWAY_START_FAILED` for several, with all of them in its cause, an
   * `AggregateError`.
   */
  throwAny(): void {
    if (this.#errors.length > 0) throw this.toError();
  }

  /** What `throwAny` throws. */
  toError(): GatewayError {
    const [first, ...more] = this.#errors;
    if (first !== undefined && more.length === 0) return first;
    const values = { count: this.#errors.length, problems: listed(this.#errors) };
    const cause = new AggregateError(this.#errors);
    // Frames of ours alone, which would be printed below all that matters.
    cause.stack = cause.name;
    return new GatewayError("GATEWAY_START_FAILED", { values, cause });
  }

  #keep(error: unknown): void {
    if (!GatewayError.is(error)) throw error;
    this.add(error);
  }
}

/** A line for each problem; a mend that several of them have in common stands once, after the last. */
function listed(errors: readonly GatewayError[]): string {
  return errors
    .map(({ code, message, mend }, index) => {
      const isShared = errors[index + 1]?.mend === mend;
      return `\n- ${code}: ${message}${isShared ? "" : `\n  ${mend}`}`;
    })
    .join("");
}
