/** What a store makes for each `@RateLimit`. */
export interface RateLimiter {
  /**
   * Counts one more for `key`.
   *
   * @returns 0 when it is within the limit, or else after how many milliseconds to try again; or a promise of that.
   */
  consume(key: string): number | PromiseLike<number>;
}

/** One `@RateLimit`, as a store sees it. */
export interface RateLimitSpec {
  /** Where it stands, the same in every server of a cluster: `/chat ChatGateway.send 0`. */
  readonly name: string;
  readonly points: number;
  readonly perMs: number;
}

/** Where rate limits are counted, when not in the memory of each server. */
export interface RateLimitStore {
  limiter(spec: RateLimitSpec): RateLimiter;
}
