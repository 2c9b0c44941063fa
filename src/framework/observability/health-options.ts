import type { Class } from "../contracts/class.js";
import type { HealthCheck } from "../contracts/health-check.js";
import { toMilliseconds } from "../duration.js";
import { GatewayError } from "../errors.js";
import type { Duration } from "../metadata/types.js";

/** How an application says how it is. */
export interface HealthOptions {
  /** What `/live` and `/ready` come after. @default "/health" */
  readonly path?: string;
  /**
   * Whether they are served on an HTTP server that the application is attached to, in front of its own routes. Without it
   * they are served by `listen()` alone. @default false
   */
  readonly onAttached?: boolean;
  /** What the application cannot serve without. Instances, or classes for the container. */
  readonly checks?: readonly (HealthCheck | Class<HealthCheck>)[];
  /** How long a check may take; then it has failed. @default "2s" */
  readonly checkTimeout?: Duration;
}

export interface ResolvedHealth {
  /** `undefined`: none are served. */
  readonly path: string | undefined;
  readonly onAttached: boolean;
  readonly checks: readonly (HealthCheck | Class<HealthCheck>)[];
  readonly checkTimeoutMs: number;
}

/** @throws GatewayError `GATEWAY_BAD_OPTION`, `GATEWAY_BAD_DURATION` */
export function resolveHealth(options: HealthOptions | false): ResolvedHealth {
  const given = options === false ? {} : options;
  const { path = "/health", onAttached = false, checks = [], checkTimeout = "2s" } = given;
  if (typeof path !== "string" || !path.startsWith("/")) {
    const values = { option: "health.path", value: JSON.stringify(path), expected: "a path that begins with /" };
    throw new GatewayError("GATEWAY_BAD_OPTION", { values });
  }
  return {
    path: options === false ? undefined : path.replace(/\/$/, ""),
    onAttached,
    checks,
    checkTimeoutMs: toMilliseconds(checkTimeout, "option health.checkTimeout"),
  };
}
