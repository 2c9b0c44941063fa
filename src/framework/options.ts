import { systemClock, type Clock } from "../common/index.js";
import type { ServerOptions } from "../core.js";
import { toMilliseconds } from "./duration.js";
import { GatewayError } from "./errors.js";
import type { Duration } from "./metadata/types.js";
import type { ValidationOptions } from "./validation/validator.js";

/** Options of an application: those of the Socket.IO server, and these. */
export interface ApplicationOptions extends ServerOptions {
  /** How long a handler or hook may take before its client is told `TIMEOUT`; 0 means for ever. @default "30s" */
  readonly handlerTimeout?: Duration;
  /** Events of one socket that may wait for its earlier ones; further ones are answered `RATE_LIMITED`. @default 256 */
  readonly maxQueuedEvents?: number;
  /** Items that an async iterable may yield for one answer. @default 10_000 */
  readonly maxCollectedItems?: number;
  /** How DTO classes are checked. */
  readonly validation?: ValidationOptions;
}

export interface ResolvedOptions {
  readonly handlerTimeoutMs: number;
  readonly maxQueuedEvents: number;
  readonly maxCollectedItems: number;
  readonly validation: ValidationOptions;
  readonly clock: Clock;
}

/** @throws GatewayError `GATEWAY_BAD_OPTION`, `GATEWAY_BAD_DURATION` */
export function resolveOptions(options: ApplicationOptions): ResolvedOptions {
  return {
    handlerTimeoutMs: toMilliseconds(options.handlerTimeout ?? "30s", "option handlerTimeout"),
    maxQueuedEvents: toCount("maxQueuedEvents", options.maxQueuedEvents ?? 256),
    maxCollectedItems: toCount("maxCollectedItems", options.maxCollectedItems ?? 10_000),
    validation: options.validation ?? {},
    clock: options.clock ?? systemClock,
  };
}

function toCount(option: string, value: unknown): number {
  if (Number.isSafeInteger(value) && (value as number) >= 0) return value as number;
  const values = { option, value: String(value), expected: "a whole number of 0 or more" };
  throw new GatewayError("GATEWAY_BAD_OPTION", { values });
}
