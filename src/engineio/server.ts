import { captureRejectionSymbol, EventEmitter } from "node:events";
import {
  validateHeaderName,
  validateHeaderValue,
  type IncomingMessage,
  type OutgoingHttpHeader,
  type OutgoingHttpHeaders,
  type ServerResponse,
} from "node:http";
import type { Duplex } from "node:stream";
import { WebSocketServer } from "ws";
import { createId, Deadlines } from "../common/index.js";
import { EngineError } from "./errors.js";
import { askApplication, checkRequest } from "./handshake.js";
import { attachTo, type AttachOptions, type HttpServerInstance } from "./http/attach.js";
import { corsMiddleware } from "./http/cors.js";
import { runMiddlewares, type Middleware } from "./http/middleware.js";
import { describeRefusal, refuseRequest, refuseUpgrade, type Refusal } from "./http/refusal.js";
import { resolveEngineOptions, type EngineOptions, type ResolvedEngineOptions } from "./options.js";
import { queryOf, type EngineRequest } from "./request.js";
import { revision4, type EngineRevision } from "./revision.js";
import { EngineSocket, type EngineSocketHandler, type EngineSocketHost } from "./socket.js";
import { PollingTransport } from "./transports/polling.js";
import type { Transport } from "./transports/transport.js";
import { WebSocketTransport } from "./transports/websocket.js";
import { UpgradeAttempt } from "./upgrade.js";

/** What the layer above does with a new session. */
export type ConnectionHandler = (socket: EngineSocket) => EngineSocketHandler;

/**
 * The Engine.IO server: every connection of every transport enters by `accept`.
 *
 * Events are for users: `connection` (socket), `connection_error` ({ req, code, message, context }), `initial_headers`
 * and `headers` (headers, request).
 */
export class EngineServer extends EventEmitter implements EngineSocketHost {
  readonly options: ResolvedEngineOptions;
  readonly deadlines: Deadlines;
  /** Takes each new session; without it, sessions are for listeners of `connection`. */
  onConnection: ConnectionHandler | undefined = undefined;
  readonly #sessions = new Map<string, EngineSocket>();
  readonly #revisions: Map<string, EngineRevision>;
  readonly #middlewares: Middleware[] = [];
  readonly #webSockets: WebSocketServer;

  constructor(options: EngineOptions = {}, revisions: readonly EngineRevision[] = [revision4]) {
    super({ captureRejections: true });
    this.options = resolveEngineOptions(options);
    this.deadlines = new Deadlines(this.options.clock);
    this.#revisions = new Map(revisions.map((revision) => [String(revision.protocol), revision]));
    this.#webSockets = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      perMessageDeflate: this.options.perMessageDeflate,
      maxPayload: this.options.maxHttpBufferSize,
    });
    this.#webSockets.on("headers", (headers, request) => {
      for (const [name, value] of Object.entries(this.#headersFor(request))) headers.push(`${name}: ${String(value)}`);
    });
    if (this.options.cors) this.use(corsMiddleware(this.options.cors));
  }

  /** Number of open sessions. */
  get clientsCount(): number {
    return this.#sessions.size;
  }

  /** Makes the id of a new session; override it by assignment. It must be new and unguessable. */
  generateId: (request: EngineRequest) => string = () => createId();

  /** Adds an express-style middleware, run for every HTTP request of the engine. */
  use(middleware: Middleware): this {
    this.#middlewares.push(middleware);
    return this;
  }

  /** Serves the engine's requests of an HTTP server; its other listeners keep theirs. */
  attach(server: HttpServerInstance, options: AttachOptions = {}): void {
    attachTo(server, this, this.deadlines, options);
  }

  /**
   * Opens a session: the one door for connections.
   *
   * @throws EngineError `ENGINE_DUPLICATE_ID` when `generateId` gave an unusable id.
   */
  accept(transport: Transport, request: EngineRequest): EngineSocket {
    const id: unknown = this.generateId(request);
    if (typeof id !== "string" || id === "" || this.#sessions.has(id)) throw new EngineError("ENGINE_DUPLICATE_ID");
    const socket = new EngineSocket(id, transport, request, this);
    this.#sessions.set(id, socket);
    socket.open();
    this.#introduce(socket);
    this.#emitSafely("connection", socket);
    return socket;
  }

  /** Serves one HTTP request; for servers that route by themselves. */
  handleRequest(request: IncomingMessage, response: ServerResponse): void {
    runMiddlewares(this.#middlewares, request, response, (error) => {
      if (error !== undefined) this.#refuse(request, response, middlewareFailure(error));
      else this.#admitRequest(request, response);
    });
  }

  /** Serves one upgrade request; for servers that route by themselves. */
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    // A connection reset before ws listens must not end the process (CVE-2022-41940).
    socket.on("error", ignoreReset);
    this.#admitUpgrade(request, socket, head);
  }

  /** Ends all sessions; what they had queued is dropped. */
  close(): this {
    for (const socket of [...this.#sessions.values()]) socket.shutDown();
    this.#webSockets.close();
    return this;
  }

  /** @internal */
  onSessionEnd(socket: EngineSocket): void {
    this.#sessions.delete(socket.id);
  }

  /** @internal */
  upgradesOf(transport: Transport): string[] {
    const { allowUpgrades, transports } = this.options;
    return allowUpgrades && transport.name === "polling" && transports.includes("websocket") ? ["websocket"] : [];
  }

  #introduce(socket: EngineSocket): void {
    if (this.onConnection === undefined) return;
    try {
      socket.handler = this.onConnection(socket);
    } catch (error) {
      socket.close(true);
      throw error;
    }
  }

  #admitRequest(request: IncomingMessage, response: ServerResponse): void {
    this.#check(request, false, (refusal) => {
      const session = this.#sessionOf(request);
      if (refusal !== undefined) this.#refuse(request, response, refusal);
      else if (session === undefined) this.#openPolling(request, response);
      else (session.transport as PollingTransport).onRequest(request, response);
    });
  }

  #admitUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.#check(request, true, (refusal) => {
      if (refusal !== undefined) {
        this.#refuse(request, socket, refusal);
        return;
      }
      this.#webSockets.handleUpgrade(request, socket, head, (webSocket) => {
        socket.off("error", ignoreReset);
        this.#onWebSocket(new WebSocketTransport(webSocket, socket), request);
      });
    });
  }

  #check(request: IncomingMessage, isUpgrade: boolean, settled: (refusal: Refusal | undefined) => void): void {
    const rules = { options: this.options, revisions: this.#revisions, sessions: this.#sessions };
    const refusal = checkRequest(request, isUpgrade, rules);
    if (refusal !== undefined || this.#sessionOf(request) !== undefined) settled(refusal);
    else askApplication(request, this.options, settled);
  }

  #openPolling(request: IncomingMessage, response: ServerResponse): void {
    const transport = new PollingTransport({
      maxHttpBufferSize: this.options.maxHttpBufferSize,
      revision: this.#revisionOf(request),
      decorate: (headers, of) => {
        Object.assign(headers, this.#headersFor(of));
      },
      after: (delayMs, callback) => this.deadlines.add(delayMs, callback),
    });
    transport.onRequest(request, response);
    this.#accept(transport, request, response);
  }

  #onWebSocket(transport: WebSocketTransport, request: IncomingMessage): void {
    const session = this.#sessionOf(request);
    if (queryOf(request).transport !== transport.name) transport.discard();
    else if (session === undefined) this.#accept(transport, request);
    else if (session.attempt !== undefined || session.transport.name !== "polling") transport.discard();
    else new UpgradeAttempt(session, transport, this.deadlines, this.options.upgradeTimeout);
  }

  #accept(transport: Transport, request: IncomingMessage, response?: ServerResponse): void {
    try {
      this.accept(transport, request);
    } catch (error) {
      this.options.logger.error("a connection could not be opened", { error });
      // Refused before the transport lets go of the request, which would answer it as if all were well.
      if (response !== undefined && !response.headersSent) {
        this.#refuse(request, response, { kind: "BAD_REQUEST", context: { name: "ID_GENERATION_ERROR", error } });
      } else {
        transport.terminate();
      }
    }
  }

  #refuse(request: IncomingMessage, reply: ServerResponse | Duplex, refusal: Refusal): void {
    const error = describeRefusal(request, refusal);
    this.#emitSafely("connection_error", error);
    if ("writeHead" in reply) refuseRequest(reply, error);
    else refuseUpgrade(reply, error);
  }

  #emitSafely(event: string, ...args: unknown[]): void {
    try {
      this.emit(event, ...args);
    } catch (error) {
      this[captureRejectionSymbol](error, event);
    }
  }

  /** Where node brings what an async listener rejects with. */
  override [captureRejectionSymbol](error: unknown, event: string | symbol): void {
    this.options.logger.error(`a listener of "${String(event)}" on the engine threw`, { error });
  }

  #sessionOf(request: IncomingMessage): EngineSocket | undefined {
    const { sid } = queryOf(request);
    return sid === undefined ? undefined : this.#sessions.get(sid);
  }

  #revisionOf(request: IncomingMessage): EngineRevision {
    return this.#revisions.get(queryOf(request).EIO ?? "") ?? revision4;
  }

  /** What listeners of `initial_headers` and `headers` add to a response. */
  #headersFor(request: IncomingMessage): OutgoingHttpHeaders {
    const headers: OutgoingHttpHeaders = {};
    if (queryOf(request).sid === undefined) this.#emitSafely("initial_headers", headers, request);
    this.#emitSafely("headers", headers, request);
    return Object.fromEntries(Object.entries(headers).filter(([name, value]) => this.#canSend(name, value)));
  }

  /** Whether a header is one: a line break in it would throw, or split the response to an upgrade. */
  #canSend(name: string, value: OutgoingHttpHeader | undefined): boolean {
    try {
      validateHeaderName(name);
      validateHeaderValue(name, value as string);
      return true;
    } catch (error) {
      this.options.logger.error("a header that a listener added cannot be sent", { name, error });
      return false;
    }
  }
}

function ignoreReset(): void {
  // ws reports what matters once it listens; before that there is nobody to tell.
}

function middlewareFailure(error: unknown): Refusal {
  return { kind: "BAD_REQUEST", context: { name: "MIDDLEWARE_FAILURE", error } };
}
