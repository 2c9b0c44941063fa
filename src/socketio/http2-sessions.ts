import type { Http2Server, ServerHttp2Session } from "node:http2";
import type { Socket as TcpSocket } from "node:net";
import type { HttpServerInstance } from "../engineio/index.js";

/** The HTTP/2 sessions of the servers that are attached to: such a server does not end them when it closes. */
export class Http2Sessions {
  readonly #open = new Set<ServerHttp2Session>();
  /** A session that is closed still waits for its client to close its end. */
  readonly #connections = new Set<TcpSocket>();

  watch(server: HttpServerInstance): void {
    // Servers of HTTP/1 know their connections themselves.
    if ("closeAllConnections" in server) return;
    const http2: Http2Server = server;
    http2.on("session", (session) => {
      this.#open.add(session);
      session.once("close", () => this.#open.delete(session));
    });
    http2.on("connection", (connection: TcpSocket) => {
      this.#connections.add(connection);
      connection.once("close", () => this.#connections.delete(connection));
    });
  }

  /** Lets requests that run end, and takes no more. */
  close(): void {
    for (const session of this.#open) session.close();
  }

  /** Ends them, requests that run too. */
  destroy(): void {
    for (const session of this.#open) session.destroy();
    for (const connection of this.#connections) connection.destroy();
  }
}
