import { SocketError } from "./errors.js";

/**
 * Limits on what one client may make the server hold or do. No genuine client meets the defaults; docs/limits.md says
 * what happens at each.
 */
export interface SocketLimits {
  /** Nesting of arrays and objects in a packet. Deeper ones would overflow the stack of code that walks them. @default 200 */
  maxPayloadDepth: number;
  /** Items of arrays and objects in a packet, all levels together. @default 1_000_000 */
  maxPayloadItems: number;
  /** Attachments of one packet. @default 10 */
  maxAttachments: number;
  /** Bytes of all attachments of one packet. @default `maxAttachments` times `maxHttpBufferSize` */
  maxBinaryBytes: number;
  /** Time that the attachments of a packet may take to come. @default 60_000 ms */
  packetCompletionTimeout: number;
  /** Bytes of the `auth` with which a client asks for a namespace. @default 65_536 */
  maxAuthBytes: number;
  /** Characters of an event name. @default 256 */
  maxEventNameLength: number;
  /** Characters of a namespace's name in a packet. @default 256 */
  maxNamespaceLength: number;
  /** Characters of the query with which clients of Engine.IO 3 ask for a namespace, in place of auth. @default 8_192 */
  maxConnectQueryLength: number;
  /** Events of one socket that wait while its connect handler runs. @default 100 */
  maxWaitingEvents: number;
  /** Namespaces made on demand; beyond them a client hears "Invalid namespace". @default 10_000 */
  maxDynamicNamespaces: number;
  /** Namespaces that one connection is in or has asked for. @default 1_000 */
  maxNamespacesPerConnection: number;
  /** How often a second one connection may ask for namespaces, and how often at once. @default 1_000 */
  maxConnectsPerSecond: number;
  /** Rooms that one socket is in. @default 10_000 */
  maxRoomsPerSocket: number;
  /** Characters of the name of a room that a socket joins. @default 1_024 */
  maxRoomLength: number;
  /** Acknowledgements that one socket owes; beyond them the oldest is given up. @default 10_000 */
  maxPendingAcks: number;
  /**
   * Events that one connection may send a second, and at once after a pause; further ones are dropped, and as many of
   * those end the connection. @default none
   */
  maxEventsPerSecond?: number | undefined;
}

/** What the limits are resolved from: `maxHttpBufferSize`, the engine's, bounds each attachment. */
export type LimitOptions = Partial<SocketLimits> & { readonly maxHttpBufferSize?: number | undefined };

type LimitName = keyof SocketLimits;

const DEFAULTS = {
  maxPayloadDepth: 200,
  maxPayloadItems: 1_000_000,
  maxAttachments: 10,
  packetCompletionTimeout: 60_000,
  maxAuthBytes: 65_536,
  maxEventNameLength: 256,
  maxNamespaceLength: 256,
  maxConnectQueryLength: 8_192,
  maxWaitingEvents: 100,
  maxDynamicNamespaces: 10_000,
  maxNamespacesPerConnection: 1_000,
  maxConnectsPerSecond: 1_000,
  maxRoomsPerSocket: 10_000,
  maxRoomLength: 1_024,
  maxPendingAcks: 10_000,
} as const satisfies Partial<SocketLimits>;

const DEFAULT_MAX_HTTP_BUFFER_SIZE = 1_000_000;

const NAMES = [...Object.keys(DEFAULTS), "maxBinaryBytes", "maxEventsPerSecond"] as LimitName[];

/**
 * Fills in the defaults.
 *
 * @throws SocketError `SOCKET_BAD_OPTION` for a limit that is not a positive number.
 */
export function resolveLimits(options: LimitOptions): SocketLimits {
  const { maxAttachments = DEFAULTS.maxAttachments, maxHttpBufferSize = DEFAULT_MAX_HTTP_BUFFER_SIZE } = options;
  const limits: SocketLimits = { ...DEFAULTS, maxBinaryBytes: maxAttachments * maxHttpBufferSize };
  for (const name of NAMES) {
    const value = options[name];
    if (value !== undefined) limits[name] = checked(name, value);
  }
  return limits;
}

function checked(option: string, value: number): number {
  if (Number.isFinite(value) && value > 0) return value;
  throw new SocketError("SOCKET_BAD_OPTION", {
    values: { option, value: String(value), expected: "a finite number above 0" },
  });
}
