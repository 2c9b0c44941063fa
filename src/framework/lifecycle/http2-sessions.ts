import type { Http2Server, ServerHttp2Session } from "node:http2";
import type { HttpServerInstance } from "../../core.js";

/** The HTTP/2 sessions of a server that an application is attached to: such a server does not end them when it closes. */
export class Http2Sessions {
  readonly #open = new Set<ServerHttp2Session>();

  watch(server: HttpServerInstance): void {
    // Servers of HTTP/1 have no such event.
    (server as Http2Server).on("session", (session) => {
      this.#open.add(session);
      session.once("close", () => this.#open.delete(session));
    });
  }

  /** Lets requests that run end, and takes no more. */
  close(): void {
    for (const session of this.#open) session.close();
  }

  /** Ends them, requests that run too. */
  destroy(): void {
    for (const session of this.#open) session.destroy();
  }
}
