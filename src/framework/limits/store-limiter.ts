import type { Deadlines } from "../../common/index.js";
import type { RateLimiter } from "../contracts/rate-limit.js";
import { GatewayError } from "../errors.js";
import type { ErrorReporter } from "../pipeline/error-reporter.js";
import { loggable, messageOf } from "../thrown.js";
import type { StoreFailurePolicy } from "./options.js";

export interface StoreLimit {
  readonly name: string;
  readonly perMs: number;
  readonly policy: StoreFailurePolicy;
  /** Counts while the store fails, when the policy says so. */
  readonly memory: RateLimiter;
  readonly storeTimeoutMs: number;
  readonly deadlines: Deadlines;
  readonly reporter: ErrorReporter;
}

/** A limiter of a store that may fail or hang: what its calls meet then is decided by a policy, and said once. */
export class StoreLimiter implements RateLimiter {
  readonly #limiter: RateLimiter;
  readonly #limit: StoreLimit;
  #isFailing = false;

  constructor(limiter: RateLimiter, limit: StoreLimit) {
    this.#limiter = limiter;
    this.#limit = limit;
  }

  async consume(key: string): Promise<number> {
    try {
      const retryAfterMs = await this.#ask(key);
      this.#onAnswer();
      return retryAfterMs;
    } catch (error) {
      this.#onFailure(error);
      return this.#instead(key);
    }
  }

  #ask(key: string): Promise<number> {
    const { storeTimeoutMs, deadlines } = this.#limit;
    return new Promise((resolve, reject) => {
      const deadline = deadlines.add(storeTimeoutMs, () => {
        reject(new DOMException(`no answer within ${storeTimeoutMs} ms`, "TimeoutError"));
      });
      const failed = (error: unknown): void => {
        deadline.cancel();
        // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- whatever was thrown is logged
        reject(error);
      };
      const answered = (retryAfterMs: unknown): void => {
        if (!Number.isFinite(retryAfterMs)) failed(badAnswer(retryAfterMs));
        deadline.cancel();
        resolve(retryAfterMs as number);
      };
      try {
        Promise.resolve(this.#limiter.consume(key)).then(answered, failed);
      } catch (error) {
        failed(error);
      }
    });
  }

  #instead(key: string): number | PromiseLike<number> {
    const { policy, memory, perMs } = this.#limit;
    if (policy === "memory") return memory.consume(key);
    return policy === "allow" ? 0 : perMs;
  }

  #onFailure(error: unknown): void {
    if (this.#isFailing) return;
    this.#isFailing = true;
    const { name, policy, reporter } = this.#limit;
    reporter.warn(`the store of the rate limit of ${name} fails (said once)`, { policy, error: loggable(error) });
  }

  #onAnswer(): void {
    if (!this.#isFailing) return;
    this.#isFailing = false;
    this.#limit.reporter.info(`the store of the rate limit of ${this.#limit.name} works again`);
  }
}

function badAnswer(value: unknown): GatewayError {
  const expected = "one whose consume(key) answers a number of milliseconds";
  return new GatewayError("GATEWAY_BAD_OPTION", {
    values: { option: "rateLimits.store", value: `a store that answers ${messageOf(value)}`, expected },
  });
}
