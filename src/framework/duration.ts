import { GatewayError } from "./errors.js";
import type { Duration } from "./metadata/types.js";

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/**
 * Reads a duration.
 *
 * @param where - what carries it, for the error.
 * @returns whole milliseconds; 0 means no limit.
 * @throws GatewayError `GATEWAY_BAD_DURATION`, also beyond what a timer can hold (24.8 days).
 */
export function toMilliseconds(duration: Duration, where: string): number {
  const text: unknown = typeof duration === "number" ? `${duration}ms` : duration;
  const parts = typeof text === "string" ? /^(\d+(?:\.\d+)?) ?(ms|s|m|h|d)$/.exec(text) : undefined;
  const durationMs = Math.round(Number(parts?.[1]) * (UNIT_MS[parts?.[2] ?? ""] ?? NaN));
  if (durationMs >= 0 && durationMs < 2 ** 31) return durationMs;
  throw new GatewayError("GATEWAY_BAD_DURATION", {
    values: { where, value: typeof duration === "string" ? `"${duration}"` : String(duration) },
  });
}
