import type { Adapter } from "socket.io-adapter";
import { consoleLogger, Deadlines, guardLogger, systemClock, type Clock, type Logger } from "../common/index.js";
import {
  attachPath,
  attachTo,
  ClientFiles,
  createHttpServer,
  EngineServer,
  type HttpServerInstance,
} from "../engineio/index.js";
import { waitFor } from "./adapter/late-failure.js";
import { MemoryAdapter } from "./adapter/memory-adapter.js";
import { SessionMemoryAdapter } from "./adapter/session-memory-adapter.js";
import type { ReachableServer } from "./adapter/contract.js";
import type { BroadcastOperator } from "./broadcast-operator.js";
import { Broadcaster } from "./broadcaster.js";
import { Client } from "./client.js";
import { delegateListeners } from "./delegated-listeners.js";
import { bindForeignEngine, type ForeignEngine } from "./foreign-engine.js";
import { SocketError } from "./errors.js";
import type {
  AllButLast,
  DecorateAcknowledgementsWithTimeoutAndMultipleResponses,
  DefaultEventsMap,
  EventNames,
  EventNamesWithAck,
  EventParams,
  EventsMap,
  FirstNonErrorArg,
  Last,
} from "./event-types.js";
import { LingeringConnections } from "./lingering-connections.js";
import { resolveLimits, type SocketLimits } from "./limits.js";
import type { Namespace } from "./namespace.js";
import type { NamespaceReservedEvents } from "./namespace.js";
import { NamespaceRegistry, type IdleNamespace } from "./namespace-registry.js";
import type { AdapterConstructor, ServerOptions } from "./options.js";
import type { NamespaceTest, ParentNamespace } from "./parent-namespace.js";
import { createEncoder, standardParser, type PacketEncoder, type Parser } from "./parser/reader.js";
import { resolveRecoveryOptions } from "./recovery/options.js";
import { RecoveryMemory } from "./recovery/recovery-memory.js";
import { newestRevisions, type Revisions, type SocketRevision } from "./revision.js";
import { dropConnections, shutDown } from "./shutdown.js";
import type { Socket } from "./socket.js";
import { callListener } from "./typed-emitter.js";

/** Events that the server itself emits. */
export interface ServerReservedEvents<
  Listen extends EventsMap,
  Emit extends EventsMap,
  ServerSide extends EventsMap,
  Data,
> extends NamespaceReservedEvents<Listen, Emit, ServerSide, Data> {
  new_namespace: (namespace: Namespace<Listen, Emit, ServerSide, Data>) => void;
}

const DEFAULT_CONNECT_TIMEOUT_MS = 45_000;

/** The Socket.IO server: namespaces over one engine. It stands for the namespace "/" wherever it is used as one. */
export class Server<
  ListenEvents extends EventsMap = DefaultEventsMap,
  EmitEvents extends EventsMap = ListenEvents,
  ServerSideEvents extends EventsMap = DefaultEventsMap,
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- socket.io's default: untyped until declared
  SocketData = any,
>
  extends Broadcaster<
    EmitEvents,
    ServerSideEvents,
    ServerReservedEvents<ListenEvents, EmitEvents, ServerSideEvents, SocketData>,
    SocketData
  >
  implements ReachableServer
{
  static {
    delegateListeners(this.prototype);
  }

  readonly opts: ServerOptions;
  readonly logger: Logger;
  limits: SocketLimits;
  readonly parser: Parser;
  readonly encoder: PacketEncoder;
  readonly clock: Clock;
  readonly deadlines: Deadlines;
  engine: EngineServer;
  /** What it was attached to last; there is none before, which socket.io's types leave out as well. */
  httpServer!: HttpServerInstance;
  /** @internal */
  readonly lingering = new LingeringConnections();
  /** The namespace "/". */
  readonly sockets: Namespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData>;
  readonly #namespaces: NamespaceRegistry<ListenEvents, EmitEvents, ServerSideEvents, SocketData>;
  readonly #revisions: Revisions;
  #recoveryMemory: RecoveryMemory | undefined;
  #closing: Promise<void> | undefined;
  #closeError: Error | undefined;

  /**
   * @param target - an HTTP server to attach to, a port to listen on, or the options.
   * @param revisions - of the protocols, chosen by the composition root.
   * @throws EngineError `ENGINE_BAD_OPTION`, SocketError `SOCKET_BAD_OPTION` or `SOCKET_NOT_A_SERVER`
   */
  constructor(
    target?: HttpServerInstance | number | string | ServerOptions,
    options?: ServerOptions,
    revisions: Revisions = newestRevisions,
  ) {
    super();
    this.#revisions = revisions;
    this.opts = { ...(isTarget(target) ? options : (target ?? options)) };
    const { connectionStateRecovery: recovery } = this.opts;
    // Adapters read the defaults from here.
    this.opts.connectionStateRecovery = recovery ? resolveRecoveryOptions(recovery) : undefined;
    this.logger = guardLogger(this.opts.logger ?? consoleLogger);
    this.opts.logger = this.logger;
    this.limits = resolveLimits(this.opts);
    this.parser = (this.opts.parser as Parser | undefined) ?? standardParser;
    this.encoder = createEncoder(this.parser, this.opts.replacer);
    this.clock = this.opts.clock ?? systemClock;
    this.deadlines = new Deadlines(this.clock);
    this.engine = this.#createEngine();
    this.#namespaces = new NamespaceRegistry(this);
    this.sockets = this.#namespaces.of("/");
    if (isTarget(target)) this.attach(target);
  }

  /** Namespaces by name; others reach in to count them. @internal */
  get _nsps(): Map<string, Namespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData>> {
    return this.#namespaces.byName;
  }

  /** The engine, under the name that socket.io 2 gave it. */
  get eio(): EngineServer {
    return this.engine;
  }

  /**
   * A namespace: that of the name (its leading slash may be left out), made at the first call; or, for a pattern or a
   * function, the parent of all that match and that clients will ask for.
   *
   * @throws SocketError `SOCKET_STATEFUL_PATTERN` for a pattern with the flag g or y.
   */
  of(
    name: RegExp | NamespaceTest,
    onConnection?: (socket: Socket<ListenEvents, EmitEvents, ServerSideEvents, SocketData>) => void,
  ): ParentNamespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData>;
  of(
    name: string | RegExp | NamespaceTest,
    onConnection?: (socket: Socket<ListenEvents, EmitEvents, ServerSideEvents, SocketData>) => void,
  ): Namespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData>;
  of(
    name: string | RegExp | NamespaceTest,
    onConnection?: (socket: Socket<ListenEvents, EmitEvents, ServerSideEvents, SocketData>) => void,
  ): Namespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData> {
    const namespace = typeof name === "string" ? this.#namespaces.of(name) : this.#namespaces.parentOf(name);
    if (onConnection !== undefined) namespace.on("connection", onConnection);
    return namespace;
  }

  /** Adds a middleware to the namespace "/". */
  use(middleware: Parameters<Namespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData>["use"]>[0]): this {
    this.sockets.use(middleware);
    return this;
  }

  /**
   * Serves the requests of an HTTP server, or listens on a port of its own.
   *
   * @param options - those that are still open: engine options given here make a new engine.
   */
  attach(target: HttpServerInstance | number | string, options?: ServerOptions): this {
    if (typeof target === "function") throw new SocketError("SOCKET_NOT_A_SERVER");
    if (options !== undefined) {
      // Not that one: the namespaces that are there have been made with it or without.
      const { connectionStateRecovery } = this.opts;
      Object.assign(this.opts, options, { connectionStateRecovery });
      this.limits = resolveLimits(this.opts);
      const { engine } = this;
      this.engine = this.#createEngine();
      // The admin UI, for one, listens to the engine that it finds before the server is attached.
      this.engine.succeed(engine);
    }
    this.#reopen();
    const server =
      typeof target === "object" ? target : createHttpServer((_, response) => response.writeHead(404).end());
    this.httpServer = server;
    this.#serve(server);
    if (typeof target !== "object") server.listen(Number(target));
    return this;
  }

  /** The same as `attach`. */
  listen(target: HttpServerInstance | number | string, options?: ServerOptions): this {
    return this.attach(target, options);
  }

  /** Refuses: @throws SocketError `SOCKET_NO_UWS` */
  attachApp(): never {
    throw new SocketError("SOCKET_NO_UWS");
  }

  /** Takes the connections of another engine. */
  bind(engine: EngineServer | ForeignEngine): this {
    if (engine instanceof EngineServer) {
      this.engine = engine;
      engine.onConnection = (conn) => new Client(this, conn);
    } else {
      this.engine = engine as unknown as EngineServer;
      bindForeignEngine(engine, (conn) => new Client(this, conn));
    }
    return this;
  }

  /** Prefix of the requests that are the server's; with an argument, sets it. */
  path(): string;
  path(path: string): this;
  path(path?: string): string | this {
    // An empty one, from a setting that is not there, is none.
    if (path === undefined) return (this.opts.path || "/socket.io").replace(/\/$/, "");
    this.opts.path = path;
    return this;
  }

  /** Whether the browser client is served; with an argument, sets it. */
  serveClient(): boolean;
  serveClient(serve: boolean): this;
  serveClient(serve?: boolean): boolean | this {
    if (serve === undefined) return this.opts.serveClient !== false;
    this.opts.serveClient = serve;
    return this;
  }

  /** Milliseconds that a connection may stay without joining a namespace; with an argument, sets them. */
  connectTimeout(): number;
  connectTimeout(timeoutMs: number): this;
  connectTimeout(timeoutMs?: number): number | this {
    if (timeoutMs === undefined) return this.opts.connectTimeout ?? DEFAULT_CONNECT_TIMEOUT_MS;
    this.opts.connectTimeout = timeoutMs;
    return this;
  }

  /** The kind of adapter; with an argument, sets it and gives every namespace a new one. */
  adapter(): AdapterConstructor;
  adapter(adapter: AdapterConstructor): this;
  adapter(adapter?: AdapterConstructor): AdapterConstructor | this {
    if (adapter === undefined) return this.opts.adapter ?? this.#memoryAdapter();
    this.opts.adapter = adapter;
    for (const namespace of this._nsps.values()) namespace.adapter = this.createAdapter(namespace);
    return this;
  }

  /** Emits to the other servers of the cluster. */
  serverSideEmit<Name extends EventNames<ServerSideEvents>>(
    event: Name,
    ...args: EventParams<DecorateAcknowledgementsWithTimeoutAndMultipleResponses<ServerSideEvents>, Name>
  ): boolean {
    return this.sockets.serverSideEmit(event, ...args);
  }

  /** Emits to the other servers of the cluster and waits for their answers. */
  async serverSideEmitWithAck<Name extends EventNamesWithAck<ServerSideEvents>>(
    event: Name,
    ...args: AllButLast<EventParams<ServerSideEvents, Name>>
  ): Promise<FirstNonErrorArg<Last<EventParams<ServerSideEvents, Name>>>[]> {
    return this.sockets.serverSideEmitWithAck(event, ...args);
  }

  /**
   * Disconnects everybody and closes the HTTP server. The promise of the first call is that of all until the server
   * listens again.
   *
   * @param callback - called with what the HTTP server says to its closing (ERR_SERVER_NOT_RUNNING when it never ran).
   */
  close(callback?: (error?: Error) => void): Promise<void> {
    this.#closing ??= this.#close();
    if (callback !== undefined) {
      void this.#closing.then(() => {
        callListener(callback, { emitter: this, event: "close", args: [this.#closeError], logger: this.logger });
      });
    }
    return this.#closing;
  }

  /** @internal */
  override broadcastToAll(): BroadcastOperator<EmitEvents, SocketData> {
    return this.sockets.broadcastToAll();
  }

  /** The namespace a client asks for, made when a parent allows it; undefined when there is none. @internal */
  resolveNamespace(name: string, auth: Record<string, unknown>, found: (namespace?: Namespace) => void): void {
    this.#namespaces.resolve(name, auth, (namespace) => {
      found(namespace as Namespace | undefined);
    });
  }

  /** The revision of the Socket.IO protocol that comes with one of Engine.IO. @internal */
  revisionOf(engineProtocol: number): SocketRevision {
    const [newest, ...others] = this.#revisions.socket;
    return others.find((revision) => revision.engineProtocol === engineProtocol) ?? newest;
  }

  /** @internal */
  onNamespaceIdle(namespace: IdleNamespace): void {
    this.#namespaces.onIdle(namespace);
  }

  /** @internal */
  removeNamespace(name: string): void {
    this.#namespaces.remove(name);
  }

  /** @internal */
  createAdapter(namespace: unknown): Adapter {
    // Both kinds are called with `new`: a plain function that returns an object gives that object.
    const Constructor = this.adapter() as new (nsp: unknown) => Adapter;
    const adapter = new Constructor(namespace);
    void waitFor(() => adapter.init(), "an adapter could not be started", this.logger);
    return adapter;
  }

  /** What is kept for clients that are away; made for the first adapter that keeps it in memory. @internal */
  get recoveryMemory(): RecoveryMemory {
    const options = resolveRecoveryOptions(this.opts.connectionStateRecovery ?? {});
    return (this.#recoveryMemory ??= new RecoveryMemory(options, this.clock, this.deadlines));
  }

  #memoryAdapter(): AdapterConstructor {
    const recovers = this.opts.connectionStateRecovery !== undefined;
    // They override a method that socket.io-adapter's types call private.
    return (recovers ? SessionMemoryAdapter : MemoryAdapter) as unknown as AdapterConstructor;
  }

  #createEngine(): EngineServer {
    const engine = new EngineServer(this.opts, this.#revisions.engine(this.opts));
    engine.onConnection = (conn) => new Client(this, conn);
    return engine;
  }

  #serve(server: HttpServerInstance): void {
    const { engine } = this;
    const path = this.path();
    const files = this.serveClient() ? new ClientFiles(attachPath({ path }), this.opts.cors) : undefined;
    const handler: Parameters<typeof attachTo>[1] = {
      handleRequest: (request, response) => {
        if (files?.serve(request, response) !== true) this.engine.handleRequest(request, response);
      },
      handleUpgrade: (request, socket, head) => {
        this.engine.handleUpgrade(request, socket, head);
      },
      takesUpgrades: engine.takesUpgrades,
      takes: (request) => files?.has(request) === true,
      close: () => engine.close(),
      reopen: () => {
        engine.reopen();
        this.#reopen();
      },
    };
    attachTo(server, handler, this.deadlines, { ...this.opts, path });
    this.lingering.watch(server);
  }

  /** It serves, maybe again: the next call of `close` closes it anew. */
  #reopen(): void {
    this.#closing = undefined;
    this.#recoveryMemory?.reopen();
  }

  /** Ends what keeps the HTTP server from closing. @internal */
  dropConnections(): void {
    dropConnections(this);
  }

  async #close(): Promise<void> {
    this.#closeError = await shutDown(this);
    this.#recoveryMemory?.close();
    // Whoever still waits for an answer is told, and no timer keeps the process.
    this.deadlines.flush();
  }
}

function isTarget(value: unknown): value is HttpServerInstance | number | string {
  return typeof value === "number" || typeof value === "string" || typeof value === "function" || isHttpServer(value);
}

function isHttpServer(value: unknown): value is HttpServerInstance {
  // Not `instanceof`: under jest, node's own modules belong to another realm than the tests.
  return typeof value === "object" && value !== null && "listen" in value && typeof value.listen === "function";
}
