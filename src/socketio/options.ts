import type { Adapter } from "socket.io-adapter";
import type { AttachOptions, EngineOptions } from "../engineio/index.js";
import type { SocketLimits } from "./limits.js";
import type { Namespace } from "./namespace.js";
import type { JsonTransform, LooseParser } from "./parser/reader.js";
import type { ConnectionStateRecoveryOptions } from "./recovery/options.js";

/** Makes the adapter of a namespace: a class, or a function that returns an adapter; called with `new`, as adapters expect. */
export type AdapterConstructor = (new (nsp: Namespace) => Adapter) | ((nsp: Namespace) => Adapter);

/** Options of the server: the engine's, and those of Socket.IO. Times in milliseconds. */
export interface ServerOptions extends EngineOptions, AttachOptions, Partial<SocketLimits> {
  /** Prefix of the requests that are the server's. @default "/socket.io" */
  path?: string;
  /** Whether the browser client is served under `path`. @default true */
  serveClient?: boolean;
  /** Where rooms and broadcasts live. @default in memory */
  adapter?: AdapterConstructor;
  /** How packets are written, a Parser; clients must use the same. @default socket.io-parser */
  parser?: LooseParser;
  /** Changes each value of a packet as the standard parser reads it, like the second argument of `JSON.parse`. */
  reviver?: JsonTransform;
  /** Changes each value of a packet as the standard parser writes it, like the second argument of `JSON.stringify`. */
  replacer?: JsonTransform;
  /**
   * Time to acknowledge broadcasts and `emitWithAck` where the caller gives none.
   *
   * @default none, as in socket.io; a minute for broadcasts that reach other servers
   */
  ackTimeout?: number;
  /**
   * Whether a socket may not join the room of another, which bears that one's id: it would hear what is meant for one.
   *
   * @default false
   */
  reserveIdRooms?: boolean;
  /** Whether a namespace made on demand goes away with its last socket. @default false */
  cleanupEmptyChildNamespaces?: boolean;
  /**
   * Lets clients that come back soon go on with the id, the rooms, the data and the missed events of their socket.
   *
   * @default off
   */
  connectionStateRecovery?: ConnectionStateRecoveryOptions;
  /** How long a connection may stay without joining a namespace. @default 45_000 ms */
  connectTimeout?: number;
  /** How long `close()` waits for clients to close their end too, before it cuts them off. @default 10_000 ms */
  closeTimeout?: number;
}
