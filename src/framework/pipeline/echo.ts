import type { GatewayException } from "../client-errors.js";

/** Whether an error says no more than that its call was given up for `reason`: it comes from the call's own signal. */
export function isEcho(error: unknown, reason: GatewayException): boolean {
  if (error === reason) return true;
  try {
    return (error as { name?: unknown } | null | undefined)?.name === "AbortError";
  } catch {
    return false;
  }
}
