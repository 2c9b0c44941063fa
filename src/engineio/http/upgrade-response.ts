import { ServerResponse, type IncomingMessage, type OutgoingHttpHeaders } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";

/**
 * The response that middlewares see of an upgrade: one that ends it is answered on the bare connection, which closes
 * then; otherwise the headers that they have set go on the answer to the upgrade.
 */
export class UpgradeResponse extends ServerResponse {
  readonly #tcp: Socket;

  constructor(request: IncomingMessage, tcp: Duplex) {
    super(request);
    this.#tcp = tcp as Socket;
    this.shouldKeepAlive = false;
    this.assignSocket(this.#tcp);
    this.once("finish", () => {
      this.#tcp.end(() => this.#tcp.destroy());
    });
  }

  /**
   * Lets go of the connection: somebody else answers the request.
   *
   * @returns headers for that answer, by their names in lower case.
   */
  release(): OutgoingHttpHeaders {
    // express-session and its like write their headers at the last moment, when this is called.
    this.writeHead(101);
    this.detachSocket(this.#tcp);
    // Loggers (pino-http) wait for it; nobody else is to keep this as long as its connection.
    if (this.listenerCount("close") > 0) this.#tcp.once("close", () => this.emit("close"));
    return this.getHeaders();
  }
}
