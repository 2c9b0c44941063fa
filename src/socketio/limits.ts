import { SocketError } from "./errors.js";

/**
 * Limits on what one client may make the server hold or do. No genuine client meets the defaults; docs/limits.md says
 * what happens at each.
 */
export interface SocketLimits {
  /** Nesting of arrays and objects in a packet. Deeper ones would overflow the stack of code that walks them. @default 200 */
  maxPayloadDepth: number;
  /** Characters of an event name. @default 256 */
  maxEventNameLength: number;
  /** Characters of a namespace's name in a packet. @default 256 */
  maxNamespaceLength: number;
  /** Events of one socket that wait while its connect handler runs. @default 100 */
  maxWaitingEvents: number;
  /** Namespaces made on demand; beyond them a client hears "Invalid namespace". @default 10_000 */
  maxDynamicNamespaces: number;
}

const DEFAULTS: SocketLimits = {
  maxPayloadDepth: 200,
  maxEventNameLength: 256,
  maxNamespaceLength: 256,
  maxWaitingEvents: 100,
  maxDynamicNamespaces: 10_000,
};

/**
 * Fills in the defaults.
 *
 * @throws SocketError `SOCKET_BAD_OPTION` for a limit that is not a positive number.
 */
export function resolveLimits(options: Partial<SocketLimits>): SocketLimits {
  const limits = { ...DEFAULTS };
  for (const option of Object.keys(DEFAULTS) as (keyof SocketLimits)[]) {
    const value = options[option] ?? DEFAULTS[option];
    if (!(Number.isFinite(value) && value > 0)) {
      throw new SocketError("SOCKET_BAD_OPTION", {
        values: { option, value: String(value), expected: "a finite number above 0" },
      });
    }
    limits[option] = value;
  }
  return limits;
}
