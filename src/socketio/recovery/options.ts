import { SocketError } from "../errors.js";

/** How clients that come back soon get their socket's id, rooms, data and missed events back. */
export interface ConnectionStateRecoveryOptions {
  /** How long a client may be away. @default 120_000 ms */
  maxDisconnectionDuration?: number;
  /**
   * Whether a client that comes back passes the namespace's middlewares unseen. The connect handler runs in any case.
   * @default false; socket.io: true
   */
  skipMiddlewares?: boolean;
  /** Packets that are kept for clients that are away, those of all namespaces together. @default 50_000 */
  maxLogPackets?: number;
  /** Bytes of these packets. @default 32 MiB */
  maxLogBytes?: number;
  /** Clients that may be away at the same time. @default 50_000 */
  maxSessions?: number;
}

export type ResolvedRecoveryOptions = Required<ConnectionStateRecoveryOptions>;

const DEFAULTS: ResolvedRecoveryOptions = {
  maxDisconnectionDuration: 120_000,
  skipMiddlewares: false,
  maxLogPackets: 50_000,
  maxLogBytes: 33_554_432,
  maxSessions: 50_000,
};

const NUMBERS = ["maxDisconnectionDuration", "maxLogPackets", "maxLogBytes", "maxSessions"] as const;

/**
 * Fills in the defaults.
 *
 * @throws SocketError `SOCKET_BAD_OPTION` for a limit that is not a positive number.
 */
export function resolveRecoveryOptions(options: ConnectionStateRecoveryOptions): ResolvedRecoveryOptions {
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  const resolved = { ...DEFAULTS, ...given };
  for (const name of NUMBERS) checkPositive(name, resolved[name]);
  return resolved;
}

function checkPositive(name: string, value: unknown): void {
  if (typeof value === "number" && Number.isFinite(value) && value > 0) return;
  throw new SocketError("SOCKET_BAD_OPTION", {
    values: { option: `connectionStateRecovery.${name}`, value: String(value), expected: "a finite number above 0" },
  });
}
