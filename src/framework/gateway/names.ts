import { GatewayError } from "../errors.js";

const RESERVED_EVENTS: ReadonlySet<string> = new Set([
  "connect",
  "connect_error",
  "disconnect",
  "disconnecting",
  "newListener",
  "removeListener",
]);

/**
 * @param owner - the gateway, for errors.
 * @returns the name with its leading slash.
 * @throws GatewayError `GATEWAY_UNSUPPORTED` for patterns.
 */
export function toNamespaceName(pattern: unknown, owner: string): string {
  if (typeof pattern === "string" && !/[:*(]/.test(pattern)) return pattern.startsWith("/") ? pattern : `/${pattern}`;
  throw new GatewayError("GATEWAY_UNSUPPORTED", {
    values: { where: `@Namespace of ${owner}`, what: `the pattern ${String(pattern)}`, mend: "Name one namespace." },
  });
}

/** @throws GatewayError `GATEWAY_RESERVED_EVENT` and `GATEWAY_UNSUPPORTED`. */
export function checkEventName(event: unknown, where: string): void {
  if (typeof event !== "string" || event.includes("*")) {
    const what = `the event name ${JSON.stringify(event)}`;
    throw new GatewayError("GATEWAY_UNSUPPORTED", { values: { where, what, mend: "Name each event in full." } });
  }
  if (RESERVED_EVENTS.has(event)) throw new GatewayError("GATEWAY_RESERVED_EVENT", { values: { where, event } });
}
