import type { Class } from "../contracts/class.js";
import { checkGiven, gatewayRecord, methodRecord } from "../metadata/records.js";
import type { RateLimitOptions } from "../metadata/types.js";

/**
 * Answers `RATE_LIMITED`, with `details.retryAfterMs`, from the `points + 1`st call within `per` on: of a handler; of a
 * gateway's handlers together, on a class; of connections, on an `@OnConnect` method, or on a class with
 * `on: "connection"`. Comes before guards. Several add up.
 *
 * @example \@RateLimit({ points: 10, per: "1s" }) \@RateLimit({ points: 100, per: "1m", by: "user" })
 * @example \@RateLimit({ points: 20, per: "1m", on: "connection" })
 */
export function RateLimit(options: RateLimitOptions): ClassDecorator & MethodDecorator {
  return (target: object, method?: string | symbol) => {
    checkGiven([options], "RateLimit", target, method);
    const isOnClass = method === undefined && typeof target === "function";
    const record = isOnClass ? gatewayRecord(target as Class) : methodRecord(target, method, "RateLimit");
    // Decorators run from the bottom up; what stands on top counts first.
    record.rateLimits.unshift(options);
  };
}
