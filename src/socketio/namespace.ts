import type { Adapter } from "socket.io-adapter";
import type { Deadlines } from "../common/index.js";
import { BroadcastOperator, type BroadcastContext } from "./broadcast-operator.js";
import { Broadcaster } from "./broadcaster.js";
import type { Client } from "./client.js";
import { Dispatch } from "./dispatch.js";
import type { DefaultEventsMap, EventsMap } from "./event-types.js";
import { runChain, type Next, type Refused } from "./middleware.js";
import { PacketType } from "./packet.js";
import type { Server } from "./server.js";
import { Socket } from "./socket.js";
import { deliver, isThenable } from "./typed-emitter.js";

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

/** Told to a client whose connection failed by a fault of the server; what was thrown is logged and stays here. */
const FAULT = { message: "Internal server error" };

/** A channel of its own within the connections: own sockets, rooms, middlewares and handlers. */
export class Namespace<
  ListenEvents extends EventsMap = DefaultEventsMap,
  EmitEvents extends EventsMap = ListenEvents,
  ServerSideEvents extends EventsMap = DefaultEventsMap,
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- socket.io's default: untyped until declared
  SocketData = any,
>
  extends Broadcaster<
    ListenEvents,
    EmitEvents,
    NamespaceReservedEvents<ListenEvents, EmitEvents, ServerSideEvents, SocketData>,
    SocketData
  >
  implements BroadcastContext
{
  readonly name: string;
  readonly server: Server<ListenEvents, EmitEvents, ServerSideEvents, SocketData>;
  /** Connected sockets by id. */
  readonly sockets = new Map<string, Socket<ListenEvents, EmitEvents, ServerSideEvents, SocketData>>();
  /** Handlers shared by all sockets. */
  readonly dispatch: Dispatch;
  adapter: Adapter;
  /** Counter of acknowledgement ids, shared with the adapter's. @internal */
  _ids = 0;
  readonly #middlewares: ((
    socket: Socket<ListenEvents, EmitEvents, ServerSideEvents, SocketData>,
    next: Next,
  ) => unknown)[] = [];

  constructor(server: Server<ListenEvents, EmitEvents, ServerSideEvents, SocketData>, name: string) {
    super();
    this.server = server;
    this.name = name;
    this.dispatch = new Dispatch(name);
    this.adapter = server.createAdapter(this);
    void this.adapter.init();
  }

  get deadlines(): Deadlines {
    return this.server.deadlines;
  }

  /** Adds a middleware that each connection passes; `next(error)` refuses it with the error's `message` and `data`. */
  use(
    middleware: (
      socket: Socket<ListenEvents, EmitEvents, ServerSideEvents, SocketData>,
      next: (error?: Error & { data?: unknown }) => void,
    ) => unknown,
  ): this {
    this.#middlewares.push(middleware);
    return this;
  }

  /** @internal */
  override broadcastToAll(): BroadcastOperator<EmitEvents, SocketData> {
    return new BroadcastOperator<EmitEvents, SocketData>(this);
  }

  /** @internal */
  createSocket(client: Client, auth: Record<string, unknown>): Socket {
    return new Socket(this, client, auth);
  }

  /**
   * Decides on a connection: middlewares, then the connect handler; then CONNECT or CONNECT_ERROR is sent.
   *
   * @param onAdmitted - called before CONNECT leaves.
   * @internal
   */
  admit(newcomer: Socket, onAdmitted: () => void): void {
    const socket = newcomer as unknown as Socket<ListenEvents, EmitEvents, ServerSideEvents, SocketData>;
    runChain(this.#middlewares, socket, (refused) => {
      if (refused !== undefined) this.#refuse(newcomer, refused);
      else this.#runConnectHandler(newcomer, onAdmitted);
    });
  }

  /** @internal */
  onSocketGone(socket: { id: string }): void {
    this.sockets.delete(socket.id);
  }

  /** @internal */
  nextAckId(): number {
    return this._ids++;
  }

  #runConnectHandler(socket: Socket, onAdmitted: () => void): void {
    try {
      const result = this.dispatch.connect?.(socket);
      if (isThenable(result)) {
        result.then(
          () => {
            this.#complete(socket, onAdmitted);
          },
          (error: unknown) => {
            this.#refuse(socket, { error: error as Error, threw: false });
          },
        );
        return;
      }
    } catch (error) {
      this.#refuse(socket, { error: error as Error, threw: false });
      return;
    }
    this.#complete(socket, onAdmitted);
  }

  #complete(socket: Socket, onAdmitted: () => void): void {
    if (socket.client.conn.readyState !== "open") {
      // The client left meanwhile: nobody hears of a connection that never was.
      socket.onClose("client namespace disconnect");
      return;
    }
    onAdmitted();
    this.sockets.set(socket.id, socket as never);
    socket.onConnect();
    deliver(this, "connect", [socket], this.server.logger);
    deliver(this, "connection", [socket], this.server.logger);
    socket.releaseIncoming();
  }

  #refuse(socket: Socket, { error, threw }: Refused): void {
    if (threw) this.server.logger.error("a namespace middleware threw", { namespace: this.name, error });
    const { client } = socket;
    const data = threw ? FAULT : { message: error.message, data: (error as { data?: unknown }).data };
    socket.onClose("server namespace disconnect");
    if (client.conn.readyState !== "open") return;
    try {
      client.packet({ type: PacketType.CONNECT_ERROR, nsp: this.name, data });
    } catch (encodingError) {
      this.server.logger.error("the data of a refusal cannot be encoded", {
        namespace: this.name,
        error: encodingError,
      });
      client.packet({ type: PacketType.CONNECT_ERROR, nsp: this.name, data: { message: error.message } });
    }
  }
}
