import type { AttachOptions, HttpServerInstance } from "./http/attach.js";
import { createHttpServer } from "./http/http-server.js";
import type { EngineOptions } from "./options.js";
import { revision4 } from "./revision.js";
import type { EngineServer } from "./server.js";
import { EngineSocket } from "./socket.js";
import { PollingTransport } from "./transports/polling.js";
import { Transport } from "./transports/transport.js";
import { WebSocketTransport } from "./transports/websocket.js";
import { WebTransportTransport } from "./transports/webtransport.js";

/** A class of engines. */
export type EngineConstructor = new (options?: EngineOptions) => EngineServer;

/** What the package `engine.io` exports, for those who use the engine alone. */
export interface EngineIo {
  readonly Server: EngineConstructor;
  readonly Socket: typeof EngineSocket;
  readonly Transport: typeof Transport;
  /** Classes by the names that clients ask for. */
  readonly transports: Readonly<Record<string, typeof Transport>>;
  /** Newest revision of the protocol. */
  readonly protocol: number;
  /** Makes an engine that serves an HTTP server's requests. */
  attach(server: HttpServerInstance, options?: EngineOptions & AttachOptions): EngineServer;
  /** Makes an engine with an HTTP server of its own (`httpServer`) that answers all other requests 501. */
  listen(port: number, options?: EngineOptions & AttachOptions, onListening?: () => void): EngineServer;
  listen(port: number, onListening?: () => void): EngineServer;
}

/** @param Server - class of the engines that it makes. */
export function createEngineIo(Server: EngineConstructor): EngineIo {
  const attach: EngineIo["attach"] = (server, options) => {
    const engine = new Server(options);
    engine.attach(server, options);
    return engine;
  };
  const listen = (port: number, options?: EngineOptions | (() => void), onListening?: () => void): EngineServer => {
    if (typeof options === "function") return listen(port, {}, options);
    const server = createHttpServer((_request, response) => response.writeHead(501).end("Not Implemented"));
    const engine = attach(server, options);
    server.listen(port, onListening);
    return engine;
  };
  const transports = {
    polling: PollingTransport,
    websocket: WebSocketTransport,
    webtransport: WebTransportTransport,
  } as unknown as Record<string, typeof Transport>;
  return { Server, Socket: EngineSocket, Transport, transports, protocol: revision4.protocol, attach, listen };
}
