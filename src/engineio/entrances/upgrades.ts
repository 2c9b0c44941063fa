import type { IncomingMessage, OutgoingHttpHeaders } from "node:http";
import type { Duplex } from "node:stream";
import { WebSocketServer, type WebSocket } from "ws";
import { admit, type Admission } from "../admission.js";
import { runMiddlewares } from "../http/middleware.js";
import { checksOrigin, isOriginAllowed } from "../http/origin.js";
import { refuseUpgrade, type Refusal } from "../http/refusal.js";
import { UpgradeResponse } from "../http/upgrade-response.js";
import { queryOf } from "../request.js";
import { revision4, revisionOf } from "../revision.js";
import { uncorkAfterTurn } from "../transports/corked-writes.js";
import type { WebSocketEngineServer } from "../transports/websocket-engine.js";
import type { Transport } from "../transports/transport.js";
import { WebSocketTransport } from "../transports/websocket.js";
import { UpgradeAttempt } from "../upgrade.js";
import { middlewareFailure, SERVER_CLOSED, type EntranceHost } from "./host.js";

/** A request for a WebSocket and the connection that it came by. */
interface Upgrade {
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  readonly head: Buffer;
  /** What middlewares see, when there are some. */
  readonly response?: UpgradeResponse;
}

/** Where HTTP upgrades come in: WebSockets, for new sessions and for those that leave polling. */
export class UpgradeEntrance {
  readonly #host: EntranceHost;
  readonly #checksOrigin: boolean;
  /** What middlewares have set, until the answer to the upgrade is written. */
  readonly #headers = new WeakMap<IncomingMessage, OutgoingHttpHeaders>();
  /** WebSockets whose clients have yet to close their end. */
  readonly #leaving = new Set<Transport>();
  #webSockets: WebSocketEngineServer;

  constructor(host: EntranceHost) {
    this.#host = host;
    this.#checksOrigin = checksOrigin(host.options);
    this.#webSockets = this.#createServer();
  }

  handle(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    // A connection reset before ws listens must not end the process (CVE-2022-41940).
    socket.on("error", ignoreReset);
    const { isClosed, middlewares } = this.#host;
    if (isClosed) this.#refuse({ request, socket, head }, SERVER_CLOSED);
    else if (middlewares.length === 0) this.#admit({ request, socket, head });
    else this.#runMiddlewares({ request, socket, head });
  }

  close(): void {
    this.#webSockets.close();
  }

  /** Waits no longer for clients to close their end. */
  cutOff(): void {
    for (const transport of this.#leaving) transport.terminate();
  }

  /** After `close`. */
  reopen(): void {
    this.#webSockets = this.#createServer();
  }

  #createServer(): WebSocketEngineServer {
    const { wsEngine = WebSocketServer, perMessageDeflate, maxHttpBufferSize } = this.#host.options;
    const server: WebSocketEngineServer = new wsEngine({
      noServer: true,
      clientTracking: false,
      perMessageDeflate,
      maxPayload: maxHttpBufferSize,
    });
    server.on?.("headers", (lines, request) => {
      const headers = { ...this.#headers.get(request) };
      this.#host.addHeaders(headers, request);
      for (const [name, value] of Object.entries(headers)) {
        for (const single of [value].flat()) lines.push(`${name}: ${String(single)}`);
      }
    });
    return server;
  }

  /** The connection has been taken already, by another engine at the same path, say: it stays with whoever has it. */
  #yield(error: unknown): void {
    this.#host.options.logger.error("an upgrade was left to another listener of the HTTP server", { error });
  }

  #runMiddlewares(upgrade: Upgrade): void {
    const { request } = upgrade;
    const response = this.#createResponse(upgrade);
    if (response === undefined) return;
    // Middlewares look for the parsed query where engine.io keeps it.
    queryOf(request);
    runMiddlewares(this.#host.middlewares, request, response, (error) => {
      if (error !== undefined) this.#refuse(upgrade, middlewareFailure(error));
      else this.#admit({ ...upgrade, response });
    });
  }

  #createResponse({ request, socket }: Upgrade): UpgradeResponse | undefined {
    try {
      return new UpgradeResponse(request, socket);
    } catch (error) {
      this.#yield(error);
      return undefined;
    }
  }

  #admit(upgrade: Upgrade): void {
    if (this.#checksOrigin && !this.#isOriginAllowed(upgrade)) {
      const context = { name: "ORIGIN_NOT_ALLOWED", origin: upgrade.request.headers.origin };
      this.#refuse(upgrade, { kind: "FORBIDDEN", status: 403, context });
      return;
    }
    admit(upgrade.request, true, this.#host, (admission) => {
      if (upgrade.socket.destroyed) return;
      if ("refusal" in admission) this.#refuse(upgrade, admission.refusal);
      else if (this.#release(upgrade)) this.#accept(upgrade, admission);
    });
  }

  #isOriginAllowed({ request, response }: Upgrade): boolean {
    const forwarded = this.#host.options.trustProxy === false ? undefined : request.headers["x-forwarded-host"];
    const host = forwarded === undefined ? request.headers.host : String(forwarded);
    return isOriginAllowed(request, response?.getHeaders() ?? {}, host);
  }

  /** Takes the connection back from the middlewares' response. @returns false when that fails; it is refused then. */
  #release(upgrade: Upgrade): boolean {
    try {
      if (upgrade.response !== undefined) this.#headers.set(upgrade.request, upgrade.response.release());
      return true;
    } catch (error) {
      this.#refuse(upgrade, middlewareFailure(error));
      return false;
    }
  }

  #accept({ request, socket, head }: Upgrade, admission: Exclude<Admission, { refusal: Refusal }>): void {
    // A new session's first packet leaves together with the answer to its upgrade (bench scenario connect).
    const isNew = "id" in admission;
    if (isNew) socket.cork();
    try {
      this.#webSockets.handleUpgrade(request, socket, head, (webSocket) => {
        socket.off("error", ignoreReset);
        this.#enter(this.#createTransport(webSocket, request, socket), request, admission);
      });
    } catch (error) {
      this.#yield(error);
    }
    if (isNew) uncorkAfterTurn(socket);
  }

  #createTransport(webSocket: WebSocket, request: IncomingMessage, socket: Duplex): WebSocketTransport {
    const { options, revisions } = this.#host;
    const query = queryOf(request);
    return new WebSocketTransport(webSocket, socket, {
      maxPayloadBytes: options.maxHttpBufferSize,
      deflateThreshold: options.perMessageDeflate === false ? 0 : options.perMessageDeflate.threshold,
      isDirect: options.wsEngine === undefined,
      revision: revisionOf(query, revisions) ?? revision4,
      leaving: this.#leaving,
      query,
    });
  }

  #enter(
    transport: WebSocketTransport,
    request: IncomingMessage,
    admission: Exclude<Admission, { refusal: Refusal }>,
  ): void {
    const { deadlines, options } = this.#host;
    if (queryOf(request).transport !== transport.name) transport.discard();
    else if ("id" in admission) this.#host.open(admission.id, transport, request);
    else if (admission.session.attempt !== undefined || admission.session.transport.name !== "polling")
      transport.discard();
    else new UpgradeAttempt(admission.session, transport, deadlines, options.upgradeTimeout);
  }

  #refuse({ request, socket }: Upgrade, refusal: Refusal): void {
    this.#host.report(request, refusal);
    refuseUpgrade(socket, refusal);
  }
}

function ignoreReset(): void {
  // ws reports what matters once it listens; before that there is nobody to tell.
}
