import { createServer } from "node:http";
import { Adapter } from "socket.io-adapter";
import { consoleLogger, Deadlines, systemClock, type Logger } from "../common/index.js";
import { attachPath, attachTo, ClientFiles, EngineServer, type HttpServerInstance } from "../engineio/index.js";
import type { BroadcastOperator } from "./broadcast-operator.js";
import { Broadcaster } from "./broadcaster.js";
import { Client } from "./client.js";
import { SocketError } from "./errors.js";
import type { DefaultEventsMap, EventsMap, ListenerNames, ListenerOf } from "./event-types.js";
import { resolveLimits, type SocketLimits } from "./limits.js";
import { Namespace, type NamespaceReservedEvents } from "./namespace.js";
import type { ServerOptions } from "./options.js";
import { standardParser, type PacketEncoder, type Parser } from "./parser/reader.js";
import { deliver } from "./typed-emitter.js";

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
> extends Broadcaster<
  ListenEvents,
  EmitEvents,
  ServerReservedEvents<ListenEvents, EmitEvents, ServerSideEvents, SocketData>,
  SocketData
> {
  readonly opts: ServerOptions;
  readonly logger: Logger;
  readonly limits: SocketLimits;
  readonly parser: Parser;
  readonly encoder: PacketEncoder;
  readonly deadlines: Deadlines;
  /** Namespaces by name. @internal */
  readonly _nsps = new Map<string, Namespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData>>();
  readonly engine: EngineServer;
  httpServer: HttpServerInstance | undefined = undefined;
  /** The namespace "/". */
  readonly sockets: Namespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData>;
  #closing: Promise<void> | undefined;

  /**
   * @param target - an HTTP server to attach to, a port to listen on, or the options.
   * @throws EngineError `ENGINE_BAD_OPTION`, SocketError `SOCKET_BAD_OPTION` or `SOCKET_NOT_A_SERVER`
   */
  constructor(target?: HttpServerInstance | number | string | ServerOptions, options?: ServerOptions) {
    super();
    this.opts = options ?? (isTarget(target) ? {} : { ...target });
    this.logger = this.opts.logger ?? consoleLogger;
    this.limits = resolveLimits(this.opts);
    this.parser = this.opts.parser ?? standardParser;
    this.encoder = new this.parser.Encoder();
    this.deadlines = new Deadlines(this.opts.clock ?? systemClock);
    this.engine = new EngineServer(this.opts);
    this.engine.onConnection = (conn) => new Client(this, conn);
    this.sockets = this.of("/");
    if (isTarget(target)) this.attach(target);
  }

  /** The namespace of that name, made at the first call. The leading slash may be left out. */
  of(
    name: string,
    onConnection?: ListenerOf<
      ServerReservedEvents<ListenEvents, EmitEvents, ServerSideEvents, SocketData>,
      ListenEvents,
      "connection"
    >,
  ): Namespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData> {
    const path = name.startsWith("/") ? name : `/${name}`;
    let namespace = this._nsps.get(path);
    if (namespace === undefined) {
      namespace = new Namespace(this, path);
      this._nsps.set(path, namespace);
      // "/" is there from the start: nobody can listen yet.
      if (path !== "/") deliver(this.sockets, "new_namespace", [namespace], this.logger);
    }
    if (onConnection !== undefined) namespace.on("connection", onConnection);
    return namespace;
  }

  /** Adds a middleware to the namespace "/". */
  use(middleware: Parameters<Namespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData>["use"]>[0]): this {
    this.sockets.use(middleware);
    return this;
  }

  /** Serves the requests of an HTTP server, or listens on a port of its own. */
  attach(target: HttpServerInstance | number | string, options: ServerOptions = {}): this {
    if (typeof target === "function") throw new SocketError("SOCKET_NOT_A_SERVER");
    Object.assign(this.opts, options);
    const server = typeof target === "object" ? target : createServer((_, response) => response.writeHead(404).end());
    this.httpServer = server;
    const path = this.path();
    const files = this.opts.serveClient === false ? undefined : new ClientFiles(attachPath({ path }));
    attachTo(
      server,
      {
        handleRequest: (request, response) => {
          if (files?.serve(request, response) !== true) this.engine.handleRequest(request, response);
        },
        handleUpgrade: (request, socket, head) => {
          this.engine.handleUpgrade(request, socket, head);
        },
      },
      { ...this.opts, path },
    );
    if (typeof target !== "object") server.listen(Number(target));
    return this;
  }

  /** The same as `attach`. */
  listen(target: HttpServerInstance | number | string, options: ServerOptions = {}): this {
    return this.attach(target, options);
  }

  /** Prefix of the requests that are the server's. */
  path(): string {
    return (this.opts.path ?? "/socket.io").replace(/\/$/, "");
  }

  /** Milliseconds that a connection may stay without joining a namespace. */
  connectTimeout(): number {
    return this.opts.connectTimeout ?? DEFAULT_CONNECT_TIMEOUT_MS;
  }

  /**
   * Disconnects everybody and closes the HTTP server. The promise of the first call is that of all.
   *
   * @param callback - called with what the HTTP server says to its closing (ERR_SERVER_NOT_RUNNING when it never ran).
   */
  async close(callback?: (error?: Error) => void): Promise<void> {
    this.#closing ??= this.#close(callback);
    return this.#closing;
  }

  override on<
    Name extends ListenerNames<
      ServerReservedEvents<ListenEvents, EmitEvents, ServerSideEvents, SocketData>,
      ListenEvents
    >,
  >(
    event: Name,
    listener: ListenerOf<
      ServerReservedEvents<ListenEvents, EmitEvents, ServerSideEvents, SocketData>,
      ListenEvents,
      Name
    >,
  ): this {
    this.sockets.on(event as "connection", listener as never);
    return this;
  }

  /** @internal */
  override broadcastToAll(): BroadcastOperator<EmitEvents, SocketData> {
    return this.sockets.broadcastToAll();
  }

  /** @internal */
  findNamespace(name: string): Namespace | undefined {
    return this._nsps.get(name) as Namespace | undefined;
  }

  /** @internal */
  createAdapter(namespace: unknown): Adapter {
    // Both kinds are called with `new`: a plain function that returns an object gives that object.
    const Constructor = (this.opts.adapter ?? Adapter) as new (nsp: unknown) => Adapter;
    return new Constructor(namespace);
  }

  async #close(callback?: (error?: Error) => void): Promise<void> {
    for (const namespace of this._nsps.values()) {
      for (const socket of [...namespace.sockets.values()]) socket.onClose("server shutting down");
      await namespace.adapter.close();
    }
    this.engine.close();
    await this.#closeHttpServer(callback);
  }

  async #closeHttpServer(callback?: (error?: Error) => void): Promise<void> {
    const server = this.httpServer;
    if (server === undefined) {
      callback?.();
      return;
    }
    await new Promise<void>((resolve) => {
      server.close((error) => {
        callback?.(error);
        resolve();
      });
    });
  }
}

function isTarget(value: unknown): value is HttpServerInstance | number | string {
  return typeof value === "number" || typeof value === "string" || typeof value === "function" || isHttpServer(value);
}

function isHttpServer(value: unknown): value is HttpServerInstance {
  return value instanceof Object && typeof (value as { listen?: unknown }).listen === "function";
}
