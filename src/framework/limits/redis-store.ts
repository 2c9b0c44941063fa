import type { RateLimiterRedis, RateLimiterRes } from "rate-limiter-flexible";
import type { RateLimiter, RateLimitSpec, RateLimitStore } from "../contracts/rate-limit.js";

/** How limits are kept in Redis. */
export interface RedisRateLimitOptions {
  /** What keys begin with, for applications that share a Redis. @default "rookery" */
  readonly prefix?: string;
}

/**
 * Counts rate limits in Redis, so that they hold for all servers of a cluster together. Windows last whole seconds there:
 * `per` is rounded up.
 *
 * @param client - connected, of the package `redis` or `ioredis`. It stays yours to close.
 */
export function redisRateLimits(client: object, { prefix = "rookery" }: RedisRateLimitOptions = {}): RateLimitStore {
  return { limiter: (spec) => new RedisLimiter(client, prefix, spec) };
}

class RedisLimiter implements RateLimiter {
  readonly #load: () => Promise<RateLimiterRedis>;
  #limiter: Promise<RateLimiterRedis> | undefined;

  constructor(storeClient: object, prefix: string, { name, points, perMs }: RateLimitSpec) {
    this.#load = async () => {
      // Only applications that count in Redis load it.
      const { RateLimiterRedis: Limiter } = await import("rate-limiter-flexible");
      return new Limiter({
        storeClient,
        // ioredis takes scripts under a name, `redis` does not.
        useRedisPackage: !("defineCommand" in storeClient),
        rejectIfRedisNotReady: true,
        keyPrefix: `${prefix}:${name}`,
        points,
        duration: Math.ceil(perMs / 1_000),
      });
    };
  }

  async consume(key: string): Promise<number> {
    this.#limiter ??= this.#load();
    try {
      await (await this.#limiter).consume(key);
      return 0;
    } catch (refusal) {
      if (!isRefusal(refusal)) throw refusal;
      return Math.max(1, refusal.msBeforeNext);
    }
  }
}

/** The library rejects with its result beyond the limit, and with an error when Redis fails. */
function isRefusal(thrown: unknown): thrown is RateLimiterRes {
  return typeof thrown === "object" && thrown !== null && "msBeforeNext" in thrown;
}
