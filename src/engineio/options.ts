import type { IncomingMessage } from "node:http";
import { consoleLogger, systemClock, type Clock, type Logger } from "../common/index.js";
import { EngineError } from "./errors.js";
import type { TrustProxy } from "./http/client-address.js";
import { resolveCompression, type HttpCompression, type ResolvedCompression } from "./http/compression.js";
import type { CookieOptions } from "./http/cookie.js";
import type { CorsSetting } from "./http/cors.js";
import type { Sendable } from "./packet.js";
import type { DescribeRequest } from "./session-binding.js";
import { TRANSPORTS } from "./transports/registry.js";
import type { TransportName } from "./transports/transport.js";
import type { WebSocketEngine } from "./transports/websocket-engine.js";

/** Answer of `allowRequest`: an error text refuses with that text, `false` with "Forbidden". */
export type AllowRequestReply = (error: string | null | undefined, allowed: boolean) => void;

/** Options of the engine, under engine.io's names; times in milliseconds. */
export interface EngineOptions {
  /** How long the client may take to answer a ping. @default 20_000 ms */
  pingTimeout?: number;
  /** How long after the last answer the next ping leaves. @default 25_000 ms */
  pingInterval?: number;
  /** How long an upgrade may take. @default 10_000 ms */
  upgradeTimeout?: number;
  /** Largest message or polling body taken from a client, in bytes. @default 1_000_000 */
  maxHttpBufferSize?: number;
  /** Decides on each handshake and upgrade; a throw or a rejection refuses. */
  allowRequest?: (request: IncomingMessage, reply: AllowRequestReply) => void | Promise<void>;
  /** How long `allowRequest` and `generateId` may take together; the client is answered 503 then. @default 20_000 ms */
  handshakeTimeout?: number;
  /** @default ["polling", "websocket"]; "webtransport" has to be asked for. */
  transports?: TransportName[];
  /** Whether sessions may move to another transport. @default true */
  allowUpgrades?: boolean;
  /**
   * permessage-deflate of WebSocket, by ws's options; costs memory per connection. Messages under `threshold` bytes (1024)
   * travel as they are. @default false
   */
  perMessageDeflate?: boolean | object;
  /** Compression of long-polling responses for clients that accept it. @default { threshold: 1_024 } */
  httpCompression?: boolean | HttpCompression;
  /** Class of the WebSocket server, when another package than ws is to serve. */
  wsEngine?: WebSocketEngine;
  /** Message that each client gets right after the handshake. */
  initialPacket?: Sendable;
  /** Cookie that tells a load balancer the session: `true` for `io=<id>`. Set by the polling handshake. @default false */
  cookie?: boolean | CookieOptions;
  /** Options of the `cors` package. Without it no CORS header is sent. */
  cors?: CorsSetting;
  /** Says that `cors: { origin: true, credentials: true }` is meant: no warning is logged of it. @default false */
  allowAnyOriginWithCredentials?: boolean;
  /**
   * Whether pages of origins that `cors` does not allow are refused a WebSocket, which browsers open to any server.
   * @default true where `cors.origin` is a fixed list, else false
   */
  checkOrigin?: boolean;
  /**
   * Whether `X-Forwarded-For` tells the client's address: `true` believes all of it, a number that many proxies.
   * @default false
   */
  trustProxy?: TrustProxy;
  /** Sessions that may be open; further handshakes are answered 503. @default 1_000_000 */
  maxConnections?: number;
  /**
   * Those of one client address (see `trustProxy`), of IPv6 of one /64 network. Behind a proxy that is not trusted all
   * clients have one address.
   *
   * @default `maxConnections`
   */
  maxConnectionsPerAddress?: number;
  /**
   * Handshakes that may come in a second, and at once after a pause; and, apart from them, requests for sessions that are
   * not there. Further ones are answered 503.
   *
   * @default 50_000
   */
  maxHandshakesPerSecond?: number;
  /**
   * Binds a session by polling to more than its id: what this tells of the first request it must tell of all others, or
   * they are refused as of no session. Nothing is bound where it gives undefined; a throw refuses the request.
   *
   * @default off
   */
  sessionBinding?: DescribeRequest;
  /** Bytes that may wait for one client. @default 64 MiB */
  maxBufferedBytes?: number;
  /** Packets that may wait for one client while it has no poll open. @default 100_000 */
  maxBufferedPackets?: number;
  /** Packets taken from one polling body. @default 10_000 */
  maxPayloadPackets?: number;
  /** How long a polling body may take to arrive. @default 30_000 ms */
  bodyTimeout?: number;
  /** Bytes a second below which a polling body, looked at every ten seconds, comes too slowly. @default 100 */
  minBodyRate?: number;
  /** Packets and WebSocket control frames without a meaning that a client may send between two pongs. @default 1_000 */
  maxStrayPackets?: number;
  /**
   * What happens to a client that reads too slowly: it is disconnected; what is sent to it is dropped; or it is dropped
   * and the sender gets an error. @default "disconnect"
   */
  bufferPolicy?: "disconnect" | "drop" | "error";
  /**
   * Whether clients of Engine.IO 3 are served as well: socket.io-client 1 and 2, and libraries of their time. They send
   * no EIO parameter or any but 4. @default false
   */
  allowEIO3?: boolean;
  /**
   * Whether clients of Engine.IO 4 may poll by JSONP (parameter `j`), as those of Engine.IO 3 may: a script of any origin
   * then reads what is sent to its user. @default false
   */
  allowJSONP?: boolean;
  /** Where what went wrong is told. @default warnings and errors on stderr */
  logger?: Logger;
  /** Where time comes from. @default the process's */
  clock?: Clock;
}

/** Options as the engine uses them: nothing missing but what has no default. */
export type ResolvedEngineOptions = Required<Omit<EngineOptions, Optional | Compressed>> &
  Pick<EngineOptions, Optional> &
  Record<Compressed, ResolvedCompression | false>;

type Compressed = "httpCompression" | "perMessageDeflate";
type Optional = "allowRequest" | "checkOrigin" | "cors" | "initialPacket" | "sessionBinding" | "wsEngine";

/**
 * Fills in the defaults.
 *
 * @throws EngineError `ENGINE_BAD_OPTION` for a limit that is not a number, or a transport that does not exist.
 */
export function resolveEngineOptions(options: EngineOptions = {}): ResolvedEngineOptions {
  const { maxConnections: maxConnectionsPerAddress = DEFAULTS.maxConnections } = options;
  const given = { ...DEFAULTS, maxConnectionsPerAddress, ...withoutGaps(options) };
  const resolved: ResolvedEngineOptions = {
    ...given,
    httpCompression: resolveCompression(given.httpCompression),
    perMessageDeflate: resolveCompression(given.perMessageDeflate),
  };
  for (const name of NUMBERS) checkNumber(name, resolved[name]);
  for (const name of resolved.transports) checkTransport(name);
  return resolved;
}

const DEFAULTS = {
  pingTimeout: 20_000,
  pingInterval: 25_000,
  upgradeTimeout: 10_000,
  handshakeTimeout: 20_000,
  maxHttpBufferSize: 1_000_000,
  transports: ["polling", "websocket"],
  allowUpgrades: true,
  perMessageDeflate: false,
  httpCompression: true,
  cookie: false,
  allowAnyOriginWithCredentials: false,
  trustProxy: false,
  maxConnections: 1_000_000,
  maxHandshakesPerSecond: 50_000,
  maxBufferedBytes: 64 * 1024 * 1024,
  maxBufferedPackets: 100_000,
  maxPayloadPackets: 10_000,
  bodyTimeout: 30_000,
  minBodyRate: 100,
  maxStrayPackets: 1_000,
  bufferPolicy: "disconnect",
  allowEIO3: false,
  allowJSONP: false,
  logger: consoleLogger,
  clock: systemClock,
} satisfies EngineOptions;

const NUMBERS = [
  "pingTimeout",
  "pingInterval",
  "upgradeTimeout",
  "handshakeTimeout",
  "maxHttpBufferSize",
  "maxConnections",
  "maxConnectionsPerAddress",
  "maxHandshakesPerSecond",
  "maxBufferedBytes",
  "maxBufferedPackets",
  "maxPayloadPackets",
  "bodyTimeout",
  "minBodyRate",
  "maxStrayPackets",
] as const;

function checkNumber(option: string, value: number): void {
  // Not 0 either: to ws, a maxPayload of 0 is none.
  if (Number.isFinite(value) && value > 0) return;
  throw new EngineError("ENGINE_BAD_OPTION", {
    values: { option, value: String(value), expected: "a finite number above 0" },
  });
}

function checkTransport(name: string): void {
  if (TRANSPORTS.has(name)) return;
  throw new EngineError("ENGINE_BAD_OPTION", {
    values: { option: "transports", value: name, expected: `some of ${[...TRANSPORTS.keys()].join(", ")}` },
  });
}

/** Without what is given as nothing; only a limit that is null is a mistake. */
function withoutGaps(options: EngineOptions): EngineOptions {
  const isGiven = (name: string, value: unknown): boolean =>
    value === null ? (NUMBERS as readonly string[]).includes(name) : value !== undefined;
  return Object.fromEntries(Object.entries(options).filter(([name, value]) => isGiven(name, value)));
}
