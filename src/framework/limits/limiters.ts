import { type Clock, type Deadlines, isThenable } from "../../common/index.js";
import { GatewayException } from "../client-errors.js";
import type { RateLimiter } from "../contracts/rate-limit.js";
import type { RateLimitContract } from "../gateway/contract.js";
import type { ErrorReporter } from "../pipeline/error-reporter.js";
import type { Step } from "../pipeline/step.js";
import { keyFinder } from "./keys.js";
import { MemoryLimiter } from "./memory-limiter.js";
import type { ResolvedRateLimits } from "./options.js";
import { StoreLimiter } from "./store-limiter.js";

export interface LimiterContext {
  readonly rateLimits: ResolvedRateLimits;
  readonly clock: Clock;
  readonly deadlines: Deadlines;
  readonly reporter: ErrorReporter;
}

/** Makes the steps that count calls; what several methods share is counted together. */
export class Limiters {
  readonly #context: LimiterContext;
  readonly #steps = new Map<RateLimitContract, Step>();

  constructor(context: LimiterContext) {
    this.#context = context;
  }

  /** @param owner - what the limits stand on, in words that are the same on every server: `/chat ChatGateway.send`. */
  stepsOf(limits: readonly RateLimitContract[], owner: string): readonly Step[] {
    return limits.map((limit, index) => {
      const step = this.#steps.get(limit) ?? this.#stepOf(limit, `${owner} ${index}`);
      this.#steps.set(limit, step);
      return step;
    });
  }

  #stepOf(limit: RateLimitContract, name: string): Step {
    const limiter = this.#limiterOf(limit, name);
    const keyOf = keyFinder(limit.by);
    return (call) => {
      const key = keyOf(call);
      if (key === undefined) return undefined;
      const retryAfterMs = limiter.consume(key);
      if (isThenable(retryAfterMs)) return Promise.resolve(retryAfterMs).then(admit);
      admit(retryAfterMs);
      return undefined;
    };
  }

  #limiterOf({ points, perMs }: RateLimitContract, name: string): RateLimiter {
    const { rateLimits, clock, deadlines, reporter } = this.#context;
    const { store, onStoreFailure: policy, storeTimeoutMs, maxKeys } = rateLimits;
    const memory = new MemoryLimiter({ points, perMs, maxKeys, clock });
    if (store === undefined) return memory;
    const limiter = store.limiter({ name, points, perMs });
    return new StoreLimiter(limiter, { name, perMs, policy, memory, storeTimeoutMs, deadlines, reporter });
  }
}

function admit(retryAfterMs: number): void {
  if (retryAfterMs <= 0) return;
  throw new GatewayException("RATE_LIMITED", "Too often: wait a little.", { retryAfterMs: Math.ceil(retryAfterMs) });
}
