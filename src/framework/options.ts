import { systemClock, type Clock } from "../common/index.js";
import type { ServerOptions } from "../core.js";
import { toMilliseconds } from "./duration.js";
import { GatewayError } from "./errors.js";
import type { AckFormat, Duration } from "./metadata/types.js";
import { toAckFormat } from "./pipeline/ack-format.js";
import { resolveCloseOptions, type CloseOptions, type ResolvedCloseOptions } from "./lifecycle/close-options.js";
import { resolveRateLimits, type RateLimitsOptions, type ResolvedRateLimits } from "./limits/options.js";
import { resolveHealth, type HealthOptions, type ResolvedHealth } from "./observability/health-options.js";
import type { ValidationOptions } from "./validation/options.js";

/** Options of an application: those of the Socket.IO server, and these. */
export interface ApplicationOptions extends ServerOptions {
  /** How long a handler or hook may take before its client is told `TIMEOUT`; 0 means for ever. @default "30s" */
  readonly handlerTimeout?: Duration;
  /** Events of one socket that may wait for its earlier ones; further ones are answered `RATE_LIMITED`. @default 256 */
  readonly maxQueuedEvents?: number;
  /** Items that an async iterable may yield for one answer. @default 10_000 */
  readonly maxCollectedItems?: number;
  /** How outcomes are written into acknowledgements, where no `@Ack({ format })` says otherwise. @default "value" */
  readonly ackFormat?: AckFormat;
  /**
   * Says that `cors` may allow every origin and credentials: any page that a signed-in user opens can then use the
   * application as that user. Without it, such `cors` stops the start. @default false
   */
  readonly allowAnyOriginWithCredentials?: boolean;
  /**
   * Lets `currentContext()` find the call that code belongs to, at the cost of AsyncLocalStorage: every `await` of the
   * process takes longer on Node 20. @default false
   */
  readonly asyncContext?: boolean;
  /** How DTO classes are checked. */
  readonly validation?: ValidationOptions;
  /** Where `@RateLimit` counts, and what happens when it cannot. Default: in memory. */
  readonly rateLimits?: RateLimitsOptions;
  /** `/health/live` and `/health/ready` of the application's own HTTP server; `false` leaves them out. */
  readonly health?: HealthOptions | false;
  /** How the application goes down, by `close()` and by signals. */
  readonly shutdown?: CloseOptions;
}

export interface ResolvedOptions {
  readonly handlerTimeoutMs: number;
  readonly maxQueuedEvents: number;
  readonly maxCollectedItems: number;
  readonly ackFormat: AckFormat;
  readonly asyncContext: boolean;
  readonly validation: ValidationOptions;
  readonly rateLimits: ResolvedRateLimits;
  readonly health: ResolvedHealth;
  readonly shutdown: ResolvedCloseOptions;
  readonly clock: Clock;
}

/** @throws GatewayError `GATEWAY_BAD_OPTION`, `GATEWAY_BAD_DURATION` */
export function resolveOptions(options: ApplicationOptions): ResolvedOptions {
  return {
    handlerTimeoutMs: toMilliseconds(options.handlerTimeout ?? "30s", "option handlerTimeout"),
    maxQueuedEvents: toCount("maxQueuedEvents", options.maxQueuedEvents ?? 256),
    maxCollectedItems: toCount("maxCollectedItems", options.maxCollectedItems ?? 10_000),
    ackFormat: toAckFormat(options.ackFormat ?? "value", "ackFormat"),
    asyncContext: options.asyncContext ?? false,
    validation: options.validation ?? {},
    rateLimits: resolveRateLimits(options.rateLimits ?? {}),
    health: resolveHealth(options.health ?? {}),
    shutdown: resolveCloseOptions(options.shutdown ?? {}),
    clock: options.clock ?? systemClock,
  };
}

function toCount(option: string, value: unknown): number {
  if (Number.isSafeInteger(value) && (value as number) >= 0) return value as number;
  const values = { option, value: String(value), expected: "a whole number of 0 or more" };
  throw new GatewayError("GATEWAY_BAD_OPTION", { values });
}
