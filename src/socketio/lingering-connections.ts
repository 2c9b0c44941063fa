import type { ServerHttp2Session } from "node:http2";
import type { Server as NetServer, Socket as TcpSocket } from "node:net";
import type { HttpServerInstance } from "../engineio/index.js";

/**
 * What a server of Node waits for when it closes, without a way to end it: sessions of HTTP/2, and connections whose TLS
 * handshake has not come to its end.
 */
export class LingeringConnections {
  readonly #sessions = new Set<ServerHttp2Session>();
  /** A session that is closed still waits for its client to close its end. */
  readonly #connections = new Set<TcpSocket>();

  /** To be called before the server has connections. */
  watch(server: HttpServerInstance): void {
    // Without TLS, servers of HTTP/1 know their connections themselves.
    if ("closeAllConnections" in server && !("setSecureContext" in server)) return;
    const watched: NetServer = server;
    watched.on("session", (session: ServerHttp2Session) => {
      this.#sessions.add(session);
      session.once("close", () => this.#sessions.delete(session));
    });
    watched.on("connection", (connection: TcpSocket) => {
      this.#connections.add(connection);
      connection.once("close", () => this.#connections.delete(connection));
    });
  }

  /** Lets requests that run end, and takes no more. */
  close(): void {
    for (const session of this.#sessions) session.close();
  }

  /** Ends them, requests that run too. */
  destroy(): void {
    for (const session of this.#sessions) session.destroy();
    for (const connection of this.#connections) connection.destroy();
  }
}
