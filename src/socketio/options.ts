import type { Adapter } from "socket.io-adapter";
import type { AttachOptions, EngineOptions } from "../engineio/index.js";
import type { SocketLimits } from "./limits.js";
import type { Namespace } from "./namespace.js";
import type { Parser } from "./parser/reader.js";

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
  /** How packets are written; clients must use the same. @default socket.io-parser */
  parser?: Parser;
  /** Time to acknowledge broadcasts and `emitWithAck` where the caller gives none. @default none, as in socket.io */
  ackTimeout?: number;
  /** Whether a namespace made on demand goes away with its last socket. @default false */
  cleanupEmptyChildNamespaces?: boolean;
  /** How long a connection may stay without joining a namespace. @default 45_000 ms */
  connectTimeout?: number;
}
