import type { RateLimitStore } from "../contracts/rate-limit.js";
import { toMilliseconds } from "../duration.js";
import { GatewayError } from "../errors.js";
import type { Duration } from "../metadata/types.js";

/**
 * What a call meets while the store of the rate limits fails: it is counted in the memory of this server, let through, or
 * answered `RATE_LIMITED`.
 */
export type StoreFailurePolicy = "memory" | "allow" | "refuse";

/** Where rate limits are counted. */
export interface RateLimitsOptions {
  /** Counts for all servers of a cluster together, as `redisRateLimits(client)` does. Default: each server for itself. */
  readonly store?: RateLimitStore;
  /** @default "memory" */
  readonly onStoreFailure?: StoreFailurePolicy;
  /** When a store that does not answer counts as failing. @default "1s" */
  readonly storeTimeout?: Duration;
  /** Keys that each limit remembers in memory; beyond, the oldest is forgotten. @default 100_000 */
  readonly maxKeys?: number;
}

export interface ResolvedRateLimits {
  readonly store: RateLimitStore | undefined;
  readonly onStoreFailure: StoreFailurePolicy;
  readonly storeTimeoutMs: number;
  readonly maxKeys: number;
}

const POLICIES: readonly unknown[] = ["memory", "allow", "refuse"] satisfies StoreFailurePolicy[];

/** @throws GatewayError `GATEWAY_BAD_OPTION`, `GATEWAY_BAD_DURATION` */
export function resolveRateLimits({
  store,
  onStoreFailure = "memory",
  storeTimeout = "1s",
  maxKeys = 100_000,
}: RateLimitsOptions): ResolvedRateLimits {
  if (!POLICIES.includes(onStoreFailure)) {
    throw badOption("rateLimits.onStoreFailure", onStoreFailure, '"memory", "allow" or "refuse"');
  }
  if (!Number.isSafeInteger(maxKeys) || maxKeys < 1) {
    throw badOption("rateLimits.maxKeys", maxKeys, "a whole number of 1 or more");
  }
  const storeTimeoutMs = toMilliseconds(storeTimeout, "option rateLimits.storeTimeout");
  return { store, onStoreFailure, storeTimeoutMs, maxKeys };
}

function badOption(option: string, value: unknown, expected: string): GatewayError {
  return new GatewayError("GATEWAY_BAD_OPTION", { values: { option, value: String(value), expected } });
}
