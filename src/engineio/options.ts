import type { IncomingMessage } from "node:http";
import { consoleLogger, systemClock, type Clock, type Logger } from "../common/index.js";
import { EngineError } from "./errors.js";
import type { CorsSetting } from "./http/cors.js";
import type { TransportName } from "./transports/transport.js";

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
  /** @default ["polling", "websocket"] */
  transports?: TransportName[];
  /** Whether clients are told that they may upgrade. @default true */
  allowUpgrades?: boolean;
  /** permessage-deflate of WebSocket; costs memory per connection. @default false */
  perMessageDeflate?: boolean | object;
  /** Options of the `cors` package. Without it no CORS header is sent. */
  cors?: CorsSetting;
  /** Bytes that may wait for one client. @default 64 MiB */
  maxBufferedBytes?: number;
  /** Packets that may wait for one client while it has no poll open. @default 100_000 */
  maxBufferedPackets?: number;
  /**
   * What happens to a client that reads too slowly: it is disconnected; what is sent to it is dropped; or it is dropped
   * and the sender gets an error. @default "disconnect"
   */
  bufferPolicy?: "disconnect" | "drop" | "error";
  /** Where what went wrong is told. @default warnings and errors on stderr */
  logger?: Logger;
  /** Where time comes from. @default the process's */
  clock?: Clock;
}

/** Options as the engine uses them: nothing missing but what has no default. */
export type ResolvedEngineOptions = Required<Omit<EngineOptions, "allowRequest" | "cors">> &
  Pick<EngineOptions, "allowRequest" | "cors">;

const KNOWN_TRANSPORTS: readonly string[] = ["polling", "websocket"];

/**
 * Fills in the defaults.
 *
 * @throws EngineError `ENGINE_BAD_OPTION` for a limit that is not a number, or a transport that does not exist.
 */
export function resolveEngineOptions(options: EngineOptions = {}): ResolvedEngineOptions {
  const resolved: ResolvedEngineOptions = {
    pingTimeout: 20_000,
    pingInterval: 25_000,
    upgradeTimeout: 10_000,
    maxHttpBufferSize: 1_000_000,
    transports: ["polling", "websocket"],
    allowUpgrades: true,
    perMessageDeflate: false,
    maxBufferedBytes: 64 * 1024 * 1024,
    maxBufferedPackets: 100_000,
    bufferPolicy: "disconnect",
    logger: consoleLogger,
    clock: systemClock,
    ...withoutUndefined(options),
  };
  for (const name of NUMBERS) checkNumber(name, resolved[name]);
  for (const name of resolved.transports) checkTransport(name);
  return resolved;
}

const NUMBERS = [
  "pingTimeout",
  "pingInterval",
  "upgradeTimeout",
  "maxHttpBufferSize",
  "maxBufferedBytes",
  "maxBufferedPackets",
] as const;

function checkNumber(option: string, value: number): void {
  // Not 0 either: to ws, a maxPayload of 0 is none.
  if (Number.isFinite(value) && value > 0) return;
  throw new EngineError("ENGINE_BAD_OPTION", {
    values: { option, value: String(value), expected: "a finite number above 0" },
  });
}

function checkTransport(name: string): void {
  if (KNOWN_TRANSPORTS.includes(name)) return;
  throw new EngineError("ENGINE_BAD_OPTION", {
    values: { option: "transports", value: name, expected: `some of ${KNOWN_TRANSPORTS.join(", ")}` },
  });
}

function withoutUndefined(options: EngineOptions): EngineOptions {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}
