import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { createId, Deadlines } from "../common/index.js";
import { isUsableId } from "./admission.js";
import { ConnectionLimits } from "./connection-limits.js";
import type { EntranceHost } from "./entrances/host.js";
import { RequestEntrance } from "./entrances/requests.js";
import { UpgradeEntrance } from "./entrances/upgrades.js";
import { WebTransportEntrance } from "./entrances/webtransport-sessions.js";
import { EngineError } from "./errors.js";
import { GuardedEmitter } from "./guarded-emitter.js";
import { attachTo, type AttachOptions, type HttpServerInstance } from "./http/attach.js";
import { corsMiddleware, warnOfOpenCors } from "./http/cors.js";
import { joinCookies, removeUnsendable } from "./http/headers.js";
import type { Middleware } from "./http/middleware.js";
import { describeRefusal, REFUSALS } from "./http/refusal.js";
import { shareHeaders } from "./http/shared-headers.js";
import { resolveEngineOptions, type EngineOptions, type ResolvedEngineOptions } from "./options.js";
import { queryOf, type EngineRequest } from "./request.js";
import { revision4, type EngineRevision } from "./revision.js";
import { SessionBinding } from "./session-binding.js";
import { recordOf } from "./sessions.js";
import { EngineSocket, type EngineSocketHandler, type EngineSocketHost } from "./socket.js";
import { TRANSPORTS } from "./transports/registry.js";
import type { Transport } from "./transports/transport.js";
import { closeNow } from "./transports/webtransport.js";
import type { WebTransportSession } from "./transports/webtransport-session.js";

/** What the layer above does with a new session. */
export type ConnectionHandler = (socket: EngineSocket) => EngineSocketHandler;

/**
 * The Engine.IO server: every connection of every transport enters by `accept`.
 *
 * Events are for users: `connection` (socket), `connection_error` ({ req, code, message, context }), `initial_headers`
 * and `headers` (headers, request), `flush` (socket, packets) and `drain` (socket).
 */
export class EngineServer extends GuardedEmitter implements EngineSocketHost {
  /** Codes of `connection_error` by engine.io's names. */
  static readonly errors = Object.fromEntries(Object.entries(REFUSALS).map(([kind, { code }]) => [kind, code]));
  /** Texts of `connection_error` by code. */
  static readonly errorMessages = Object.fromEntries(
    Object.values(REFUSALS).map(({ code, message }) => [code, message]),
  );

  readonly options: ResolvedEngineOptions;
  readonly deadlines: Deadlines;
  /** Takes each new session; without it, sessions are for listeners of `connection`. */
  onConnection: ConnectionHandler | undefined = undefined;
  /** What it was attached to last. */
  httpServer: HttpServerInstance | undefined = undefined;
  /** Whether somebody listens to `flush` or `drain`. @internal */
  observesQueues = false;
  readonly #sessions = new Map<string, EngineSocket>();
  /** The open sessions by id: a view, which cannot be written to. */
  readonly clients: Readonly<Record<string, EngineSocket>> = recordOf(this.#sessions);
  readonly #limits: ConnectionLimits;
  readonly #binding: SessionBinding | undefined;
  readonly #middlewares: Middleware[] = [];
  readonly #requests: RequestEntrance;
  readonly #upgrades: UpgradeEntrance;
  readonly #webTransports: WebTransportEntrance;
  #isClosed = false;

  /**
   * @param revisions - those that are served, in the order in which requests are tried for them.
   * @throws EngineError `ENGINE_BAD_OPTION`
   */
  constructor(options: EngineOptions = {}, revisions: readonly EngineRevision[] = [revision4]) {
    super();
    this.options = resolveEngineOptions(options);
    this.deadlines = new Deadlines(this.options.clock);
    const { cors, allowAnyOriginWithCredentials, logger, sessionBinding } = this.options;
    this.#limits = new ConnectionLimits(this.options, this.#sessions);
    if (sessionBinding !== undefined) this.#binding = new SessionBinding(sessionBinding, logger);
    if (cors) this.use(corsMiddleware(cors));
    if (!allowAnyOriginWithCredentials) warnOfOpenCors(cors, logger);
    const host = this.#createHost(revisions);
    this.#requests = new RequestEntrance(host);
    this.#upgrades = new UpgradeEntrance(host);
    this.#webTransports = new WebTransportEntrance(host);
    this.on("newListener", (event) => {
      if (event === "flush" || event === "drain") this.observesQueues = true;
    });
  }

  /** The options, under engine.io's name. */
  get opts(): ResolvedEngineOptions {
    return this.options;
  }

  /** @internal */
  get takesUpgrades(): boolean {
    return this.options.transports.includes("websocket");
  }

  /** Number of open sessions. */
  get clientsCount(): number {
    return this.#sessions.size;
  }

  /** Makes the id of a new session, new and unguessable; override it, or assign another. A promise may be given. */
  generateId(_request: EngineRequest): string | Promise<string> {
    return createId();
  }

  /** Adds an express-style middleware, run for every HTTP request of the engine, upgrades included. */
  use(middleware: Middleware): this {
    this.#middlewares.push(middleware);
    return this;
  }

  /**
   * Serves the engine's requests of an HTTP server; its other listeners keep theirs. The engine is closed when the
   * server is, and serves again when that listens again.
   */
  attach(server: HttpServerInstance, options: AttachOptions = {}): void {
    this.httpServer = server;
    attachTo(server, this, this.deadlines, options);
  }

  /**
   * Opens a session: the one door for connections.
   *
   * @throws EngineError `ENGINE_DUPLICATE_ID` when `generateId` gave an unusable id, or a promise, which only
   * connections from outside may wait for; `ENGINE_LIMIT` when there are too many connections.
   */
  accept(transport: Transport, request: EngineRequest): EngineSocket {
    this.#limits.checkHandshake(request);
    return this.#open(this.generateId(request), transport, request);
  }

  /** Serves one HTTP request; for servers that route by themselves. */
  handleRequest(request: IncomingMessage, response: ServerResponse): void {
    this.#requests.handle(request, response);
  }

  /** Serves one upgrade request; for servers that route by themselves. */
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.#upgrades.handle(request, socket, head);
  }

  /** Serves one WebTransport session, when `transports` names "webtransport" and no middleware would be bypassed. */
  async onWebTransportSession(session: WebTransportSession): Promise<void> {
    try {
      await this.#webTransports.handle(session);
    } catch (error) {
      this.options.logger.error("a WebTransport session could not be opened", { error });
      closeNow(session);
    }
  }

  /** Ends all sessions; what they had queued is dropped. Requests are answered 503 from here on. */
  close(): this {
    this.#isClosed = true;
    for (const socket of [...this.#sessions.values()]) socket.shutDown();
    this.#upgrades.close();
    return this;
  }

  /** Waits no longer for clients to close their end. @internal */
  cutOff(): void {
    this.#upgrades.cutOff();
  }

  /** Serves again after `close`, as an HTTP server does that listens again. */
  reopen(): void {
    if (!this.#isClosed) return;
    this.#isClosed = false;
    this.#upgrades.reopen();
  }

  /** Goes on in the place of an engine with other options, as whoever has set that up expects. @internal */
  succeed(previous: EngineServer): void {
    const builtIn = previous.options.cors ? 1 : 0;
    this.#middlewares.push(...previous.#middlewares.slice(builtIn));
    this.generateId = (request) => previous.generateId(request);
    for (const event of previous.eventNames()) {
      if (event === "newListener") continue;
      for (const listener of previous.rawListeners(event)) this.on(event, listener as (...args: unknown[]) => void);
    }
  }

  /** @internal */
  onSessionEnd(socket: EngineSocket): void {
    this.#sessions.delete(socket.id);
    this.#limits.onEnd(socket);
  }

  /** @internal */
  onQueueEvent(event: "flush" | "drain", ...args: unknown[]): void {
    this.emitSafely(event, ...args);
  }

  /** Where sessions over this transport may move to. */
  upgrades(transport: string): string[] {
    const { allowUpgrades, transports } = this.options;
    const kind = TRANSPORTS.get(transport);
    return allowUpgrades && kind !== undefined ? kind.upgradesTo.filter((name) => transports.includes(name)) : [];
  }

  /** @param begin - called when the handshake has been queued, before anyone hears of the session. */
  #open(id: unknown, transport: Transport, request: EngineRequest, begin?: () => void): EngineSocket {
    if (!isUsableId(id, this.#sessions)) throw new EngineError("ENGINE_DUPLICATE_ID");
    const socket = new EngineSocket(id, transport, request, this);
    // Only polling goes by several requests.
    if (transport.name === "polling") this.#binding?.bind(socket, request as IncomingMessage);
    this.#sessions.set(id, socket);
    this.#limits.onOpen(socket);
    socket.open();
    begin?.();
    this.#introduce(socket);
    this.emitSafely("connection", socket);
    return socket;
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

  #createHost(revisions: readonly EngineRevision[]): EntranceHost {
    const { options, deadlines } = this;
    const isClosed = (): boolean => this.#isClosed;
    const middlewares = this.#middlewares;
    const builtIn = middlewares.length;
    return {
      options,
      deadlines,
      revisions,
      middlewares,
      sessions: this.#sessions,
      limits: this.#limits,
      binding: this.#binding,
      get isClosed() {
        return isClosed();
      },
      get hasOwnMiddlewares() {
        return middlewares.length > builtIn;
      },
      generateId: (request) => this.generateId(request),
      addHeaders: (headers, request) => {
        this.#addHeaders(headers, request);
      },
      open: (...args) => this.#tryToOpen(...args),
      report: (request, refusal) => {
        this.emitSafely("connection_error", describeRefusal(request, refusal));
      },
    };
  }

  #tryToOpen(...[id, transport, request, begin]: Parameters<EntranceHost["open"]>): boolean {
    try {
      shareHeaders(request);
      this.#open(id, transport, request, begin);
      return true;
    } catch (error) {
      this.options.logger.error("a connection could not be opened", { error });
      transport.terminate();
      return false;
    }
  }

  protected override onListenerFailure(error: unknown, event: string): void {
    this.options.logger.error(`a listener of "${event}" on the engine threw`, { error });
  }

  #addHeaders(headers: OutgoingHttpHeaders, request: IncomingMessage): void {
    if (this.listenerCount("initial_headers") + this.listenerCount("headers") === 0) return;
    if (!queryOf(request).sid) this.emitSafely("initial_headers", headers, request);
    this.emitSafely("headers", headers, request);
    joinCookies(headers);
    removeUnsendable(headers, this.options.logger);
  }
}
