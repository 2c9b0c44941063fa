import type { Adapter } from "socket.io-adapter";
import { Adapter as MemoryAdapter } from "socket.io-adapter";
import type { Deadlines, Logger } from "../common/index.js";
import type { ReachableNamespace } from "./adapter/contract.js";
import { logLateFailure } from "./adapter/late-failure.js";
import { Admission, type ExtendedError, type NamespaceMiddleware } from "./admission.js";
import { BroadcastOperator, REMOTE_TIMEOUT_MS, type BroadcastContext } from "./broadcast-operator.js";
import { Broadcaster } from "./broadcaster.js";
import type { Client } from "./client.js";
import { Dispatch } from "./dispatch.js";
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
import type { PacketEncoder } from "./parser/reader.js";
import { Recovery } from "./recovery/recovery.js";
import type { SocketSession } from "./recovery/socket-session.js";
import type { Server } from "./server.js";
import { ServersAnswer } from "./servers-answer.js";
import { Socket } from "./socket.js";
import { callListener, deliver } from "./typed-emitter.js";

/** Events that the namespace itself emits. */
export interface NamespaceReservedEvents<
  Listen extends EventsMap,
  Emit extends EventsMap,
  ServerSide extends EventsMap,
  Data,
> {
  connect: (socket: Socket<Listen, Emit, ServerSide, Data>) => void;
  connection: (socket: Socket<Listen, Emit, ServerSide, Data>) => void;
}

/** Names that servers may not send to each other: they would look like the namespace's own events. */
const RESERVED_BETWEEN_SERVERS: ReadonlySet<string> = new Set(["connect", "connection", "new_namespace"]);

/** What a namespace has from elsewhere: handlers shared with others, an adapter of its own kind. */
export interface NamespaceParts {
  readonly dispatch?: Dispatch;
  readonly createAdapter?: (namespace: unknown) => Adapter;
}

/** A channel of its own within the connections: own sockets, rooms, middlewares and handlers. */
export class Namespace<
  ListenEvents extends EventsMap = DefaultEventsMap,
  EmitEvents extends EventsMap = ListenEvents,
  ServerSideEvents extends EventsMap = DefaultEventsMap,
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- socket.io's default: untyped until declared
  SocketData = any,
>
  extends Broadcaster<
    EmitEvents,
    ServerSideEvents,
    NamespaceReservedEvents<ListenEvents, EmitEvents, ServerSideEvents, SocketData>,
    SocketData
  >
  implements BroadcastContext, ReachableNamespace
{
  readonly name: string;
  readonly server: Server<ListenEvents, EmitEvents, ServerSideEvents, SocketData>;
  /** Connected sockets by id. */
  readonly sockets = new Map<string, Socket<ListenEvents, EmitEvents, ServerSideEvents, SocketData>>();
  /** Handlers shared by all sockets. */
  readonly dispatch: Dispatch;
  adapter: Adapter;
  /** Undefined unless connection state recovery is on. @internal */
  readonly recovery: Recovery | undefined;
  readonly #middlewares: NamespaceMiddleware[] = [];
  #ackIds = 0;

  constructor(
    server: Server<ListenEvents, EmitEvents, ServerSideEvents, SocketData>,
    name: string,
    { dispatch = new Dispatch(name), createAdapter }: NamespaceParts = {},
  ) {
    super();
    this.server = server;
    this.name = name;
    this.dispatch = dispatch;
    this.adapter = createAdapter?.(this) ?? server.createAdapter(this);
    const recovers = server.opts.connectionStateRecovery !== undefined;
    this.recovery = recovers ? new Recovery(this) : undefined;
  }

  /** Counter of acknowledgement ids, which adapters share. It begins anew before a client could not send it back. @internal */
  get _ids(): number {
    return this.#ackIds;
  }

  set _ids(next: number) {
    this.#ackIds = Number.isSafeInteger(next) ? next : 0;
  }

  get encoder(): PacketEncoder {
    return this.server.encoder;
  }

  get deadlines(): Deadlines {
    return this.server.deadlines;
  }

  get logger(): Logger {
    return this.server.logger;
  }

  get ackTimeoutMs(): number | undefined {
    return this.server.opts.ackTimeout;
  }

  /** Whether the adapter knows of no other server. */
  get isAlone(): boolean {
    return this.adapter.serverCount === MemoryAdapter.prototype.serverCount;
  }

  /** Adds a middleware that each connection passes; `next(error)` refuses it with the error's `message` and `data`. */
  use(
    middleware: (
      socket: Socket<ListenEvents, EmitEvents, ServerSideEvents, SocketData>,
      next: (error?: ExtendedError) => void,
    ) => unknown,
  ): this {
    this.#middlewares.push(middleware);
    return this;
  }

  /**
   * Emits to the other servers of the cluster. A function as last argument is called with `(error, responses)` when all
   * have answered; at once, with an empty list, when there is no other. An adapter that never says how it went is waited
   * for as long as `ackTimeout` says, or a minute.
   *
   * @throws SocketError `SOCKET_RESERVED_EVENT`
   */
  serverSideEmit<Name extends EventNames<ServerSideEvents>>(
    event: Name,
    ...args: EventParams<DecorateAcknowledgementsWithTimeoutAndMultipleResponses<ServerSideEvents>, Name>
  ): boolean {
    if (RESERVED_BETWEEN_SERVERS.has(event)) throw new SocketError("SOCKET_RESERVED_EVENT", { values: { event } });
    const packet: unknown[] = [event, ...(args as unknown[])];
    const callback = packet.at(-1);
    const isAsking = typeof callback === "function";
    const answer = new ServersAnswer((outcome) => {
      callListener(callback, { emitter: this, event, args: outcome, logger: this.logger });
    });
    if (isAsking) packet[packet.length - 1] = answer.settle;
    if (this.adapter.serverSideEmit !== MemoryAdapter.prototype.serverSideEmit) {
      logLateFailure(() => this.adapter.serverSideEmit(packet), this.logger);
      if (isAsking) answer.expireIn(this.ackTimeoutMs ?? REMOTE_TIMEOUT_MS, this.deadlines);
    } else if (isAsking) answer.settle(null, []);
    return true;
  }

  /**
   * Emits to the other servers and waits for their answers.
   *
   * @throws (by rejection) the adapter's error, or AckTimeoutError, with the answers so far in `.responses`.
   */
  async serverSideEmitWithAck<Name extends EventNamesWithAck<ServerSideEvents>>(
    event: Name,
    ...args: AllButLast<EventParams<ServerSideEvents, Name>>
  ): Promise<FirstNonErrorArg<Last<EventParams<ServerSideEvents, Name>>>[]> {
    return new Promise((resolve, reject) => {
      const settle = (error: Error | null, responses: unknown): void => {
        if (error === null) resolve(responses as never);
        else reject(Object.assign(error, { responses }));
      };
      this.serverSideEmit(event, ...([...(args as unknown[]), settle] as never));
    });
  }

  /** Another server has emitted; adapters call it. @internal */
  _onServerSideEmit(args: [string, ...unknown[]]): void {
    const [event, ...rest] = args;
    deliver(this, event, rest, this.logger);
  }

  /** @internal */
  override broadcastToAll(): BroadcastOperator<EmitEvents, SocketData> {
    return new BroadcastOperator<EmitEvents, SocketData>(this);
  }

  /** @internal */
  get middlewares(): readonly NamespaceMiddleware[] {
    return this.#middlewares;
  }

  /** @internal */
  createSocket(
    client: Client,
    auth: Record<string, unknown>,
    session?: SocketSession,
  ): Socket<ListenEvents, EmitEvents, ServerSideEvents, SocketData> {
    return new Socket(this, client, auth, session);
  }

  /** Decides on a connection. @internal */
  admit(socket: Socket, onAdmitted: () => void): void {
    const isKnown = socket.recovered && this.recovery?.skipsMiddlewares === true;
    new Admission(this, socket, onAdmitted).run(isKnown ? [] : this.#middlewares);
  }

  /** @internal */
  onSocketGone(socket: { id: string }): void {
    this.sockets.delete(socket.id);
  }

  /** @internal */
  nextAckId(): number {
    return this._ids++;
  }
}
