import type { Deadlines } from "../../common/index.js";
import type { HealthCheck } from "../contracts/health-check.js";
import { GatewayError } from "../errors.js";
import type { ErrorReporter } from "../pipeline/error-reporter.js";
import { loggable } from "../thrown.js";

/** Whether the application can serve, and what keeps it from it. */
export interface Readiness {
  readonly isReady: boolean;
  /** Names of the checks that are not well; also `"starting"` and `"shutting down"`. */
  readonly failing: readonly string[];
}

export interface HealthContext {
  /** How long a check may take. */
  readonly timeoutMs: number;
  readonly deadlines: Deadlines;
  readonly reporter: ErrorReporter;
}

/** Says how the application is, to itself and to those that probe it. */
export class Health {
  readonly #context: HealthContext;
  readonly #checks: HealthCheck[] = [];
  readonly #unwell = new Set<string>();
  #phase: "starting" | "serving" | "shutting down" = "starting";
  #asking: Promise<Readiness> | undefined;

  /** @internal */
  constructor(context: HealthContext) {
    this.#context = context;
  }

  /** Adds something that the application cannot serve without. */
  add(...checks: HealthCheck[]): this {
    this.#checks.push(...checks);
    return this;
  }

  /** Whether it has started and is not going down; asks no check. */
  get isServing(): boolean {
    return this.#phase === "serving";
  }

  /** Asks every check. Who asks meanwhile gets the same answer: probes do not add up. Never rejects. */
  async readiness(): Promise<Readiness> {
    if (this.#phase !== "serving") return { isReady: false, failing: [this.#phase] };
    this.#asking ??= this.#ask().finally(() => {
      this.#asking = undefined;
    });
    return this.#asking;
  }

  /** @internal */
  enter(phase: "serving" | "shutting down"): void {
    this.#phase = phase;
  }

  async #ask(): Promise<Readiness> {
    const checks = [...this.#checks];
    const areWell = await Promise.all(checks.map((check) => this.#isWell(check)));
    const failing = checks.filter((_, index) => areWell[index] !== true).map(({ name }) => name);
    if (!this.isServing) failing.unshift(this.#phase);
    return { isReady: failing.length === 0, failing };
  }

  async #isWell(check: HealthCheck): Promise<boolean> {
    const { name } = check;
    try {
      if ((await this.#inTime(check)) === false) throw new GatewayError("GATEWAY_UNHEALTHY", { values: { name } });
      if (this.#unwell.delete(name)) this.#context.reporter.info(`health check ${name} is well again`);
      return true;
    } catch (error) {
      // Once for each time that it happens: probes come every few seconds.
      if (!this.#unwell.has(name))
        this.#context.reporter.warn(`health check ${name} fails`, { error: loggable(error) });
      this.#unwell.add(name);
      return false;
    }
  }

  #inTime(check: HealthCheck): Promise<unknown> {
    const { timeoutMs, deadlines } = this.#context;
    return new Promise((resolve, reject) => {
      const deadline = deadlines.add(timeoutMs, () => {
        reject(new GatewayError("GATEWAY_CHECK_TIMEOUT", { values: { name: check.name, timeoutMs } }));
      });
      void Promise.resolve()
        .then(() => check.check())
        .then(resolve, reject)
        .finally(() => {
          deadline.cancel();
        });
    });
  }
}
