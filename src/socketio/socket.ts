import { createId } from "../common/index.js";
import type { EngineRequest, EngineSocket } from "../engineio/index.js";
import { addTimedAck, PendingAcks, type AckCallback } from "./ack.js";
import { BroadcastOperator, type BroadcastFlags } from "./broadcast-operator.js";
import type { Client } from "./client.js";
import type { DisconnectReason } from "./disconnect-reason.js";
import type { AckReply, EventHandler } from "./dispatch.js";
import { AckDisconnectedError, SocketError } from "./errors.js";
import type {
  AllButLast,
  DecorateAcknowledgements,
  DefaultEventsMap,
  EventNames,
  EventNamesWithAck,
  EventParams,
  EventsMap,
  FirstNonErrorArg,
  Last,
} from "./event-types.js";
import { createHandshake, type Handshake } from "./handshake.js";
import { runChain, type Next } from "./middleware.js";
import type { Namespace } from "./namespace.js";
import { isReservedEvent, PacketType, type Packet } from "./packet.js";
import { toRooms, type Room } from "./room.js";
import type { Server } from "./server.js";
import { SocketOperator, type FlaggedSender } from "./socket-operator.js";
import { deliver, TypedEmitter } from "./typed-emitter.js";

/** Events that the socket itself emits. */
export interface SocketReservedEvents {
  disconnecting: (reason: DisconnectReason, description?: unknown) => void;
  disconnect: (reason: DisconnectReason, description?: unknown) => void;
  error: (error: Error) => void;
}

/** An event as middlewares see it: its name, its arguments, then the acknowledgement if the client asked for one. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- socket.io's type; nothing is known of the arguments
export type Event = [eventName: string, ...args: any[]];

export type SocketMiddleware = (event: Event, next: Next) => void;

/**
 * One client in one namespace.
 *
 * | state        | events from the client | `emit`                      |
 * |--------------|------------------------|-----------------------------|
 * | connecting   | wait (bounded)         | leaves after CONNECT        |
 * | connected    | dispatched             | leaves                      |
 * | disconnected | dropped                | dropped; timed acks fail    |
 */
export class Socket<
  ListenEvents extends EventsMap = DefaultEventsMap,
  EmitEvents extends EventsMap = ListenEvents,
  ServerSideEvents extends EventsMap = DefaultEventsMap,
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- socket.io's default: untyped until declared
  SocketData = any,
>
  extends TypedEmitter<ListenEvents, SocketReservedEvents>
  implements FlaggedSender<EmitEvents, SocketData>
{
  readonly id: string = createId();
  readonly nsp: Namespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData>;
  readonly client: Client;
  readonly handshake: Handshake;
  /** Whatever the application keeps for this socket; shared with the cluster where the adapter can. */
  data: Partial<SocketData> = {};
  connected = false;
  /** Acknowledgements the client owes; adapters add those of broadcasts. @internal */
  readonly acks = new PendingAcks();
  #state: "connecting" | "connected" | "disconnected" = "connecting";
  #outgoing: { packet: Packet; flags: BroadcastFlags }[] = [];
  #incoming: Packet[] = [];
  readonly #middlewares: SocketMiddleware[] = [];

  constructor(
    nsp: Namespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData>,
    client: Client,
    auth: Record<string, unknown>,
  ) {
    super();
    this.nsp = nsp;
    this.client = client;
    this.handshake = createHandshake(client.request, client.conn.remoteAddress, auth);
  }

  get server(): Server<ListenEvents, EmitEvents, ServerSideEvents, SocketData> {
    return this.nsp.server;
  }

  /** The connection below; shared with the client's sockets in other namespaces. */
  get conn(): EngineSocket {
    return this.client.conn;
  }

  /** The request that opened the connection. */
  get request(): EngineRequest {
    return this.client.request;
  }

  get disconnected(): boolean {
    return !this.connected;
  }

  /** Rooms the socket is in, its own id among them. */
  get rooms(): Set<Room> {
    return this.nsp.adapter.socketRooms(this.id) ?? new Set();
  }

  /**
   * Emits to the client. A function as last argument takes the client's acknowledgement; without `timeout()` it is
   * never called when the client leaves.
   *
   * @throws SocketError `SOCKET_RESERVED_EVENT`
   */
  override emit<Name extends EventNames<EmitEvents>>(event: Name, ...args: EventParams<EmitEvents, Name>): boolean {
    return this.sendWith(noFlags, event, args);
  }

  /**
   * Emits and waits for the client's acknowledgement, for ever unless `timeout()` is given.
   *
   * @returns the first argument of the answer.
   * @throws AckDisconnectedError as soon as the client has gone.
   */
  async emitWithAck<Name extends EventNamesWithAck<EmitEvents>>(
    event: Name,
    ...args: AllButLast<EventParams<EmitEvents, Name>>
  ): Promise<FirstNonErrorArg<Last<EventParams<EmitEvents, Name>>>> {
    return new SocketOperator<EmitEvents, SocketData>(this, noFlags).emitWithAck(event, ...args);
  }

  /** Emits the event "message". */
  send(...args: EventParams<EmitEvents, "message">): this {
    this.emit("message", ...args);
    return this;
  }

  /** The same as `send`. */
  write(...args: EventParams<EmitEvents, "message">): this {
    return this.send(...args);
  }

  /** Time the client has to acknowledge, in milliseconds; the acknowledgement gets an error first. */
  timeout(timeoutMs: number): SocketOperator<DecorateAcknowledgements<EmitEvents>, SocketData> {
    return new SocketOperator<EmitEvents, SocketData>(this, noFlags).timeout(timeoutMs);
  }

  /** Drops the packet when the client cannot take it at once. */
  get volatile(): SocketOperator<EmitEvents, SocketData> {
    return new SocketOperator<EmitEvents, SocketData>(this, { volatile: true });
  }

  /** Whether the packet may be compressed. */
  compress(compress: boolean): SocketOperator<EmitEvents, SocketData> {
    return new SocketOperator<EmitEvents, SocketData>(this, { compress });
  }

  /** Everyone of the namespace but this socket. */
  get broadcast(): BroadcastOperator<EmitEvents, SocketData> {
    return this.broadcastWith(noFlags);
  }

  /** Everyone but this socket, on this server only. */
  get local(): BroadcastOperator<EmitEvents, SocketData> {
    return this.broadcast.local;
  }

  /** Everyone in the rooms but this socket. */
  to(room: Room | Room[]): BroadcastOperator<EmitEvents, SocketData> {
    return this.broadcast.to(room);
  }

  /** The same as `to`. */
  in(room: Room | Room[]): BroadcastOperator<EmitEvents, SocketData> {
    return this.broadcast.to(room);
  }

  /** Everyone but this socket and those in the rooms. */
  except(room: Room | Room[]): BroadcastOperator<EmitEvents, SocketData> {
    return this.broadcast.except(room);
  }

  /** Joins rooms; ignored after the disconnect. @throws SocketError `SOCKET_BAD_ROOM` */
  join(rooms: Room | Room[]): Promise<void> | void {
    const names = toRooms(rooms);
    if (this.#state === "disconnected") return;
    return this.nsp.adapter.addAll(this.id, new Set(names));
  }

  /** Leaves a room. */
  leave(room: Room): Promise<void> | void {
    return this.nsp.adapter.del(this.id, room);
  }

  /** Adds a middleware that sees each event before its handlers; its error goes to listeners of "error". */
  use(middleware: SocketMiddleware): this {
    this.#middlewares.push(middleware);
    return this;
  }

  /** Leaves the namespace; with `close` the whole connection ends. */
  disconnect(close = false): this {
    if (this.#state !== "connected") return this;
    if (close) {
      this.client.disconnect();
    } else {
      this.packet({ type: PacketType.DISCONNECT, nsp: this.nsp.name });
      this.onClose("server namespace disconnect");
    }
    return this;
  }

  /** @internal */
  sendWith(flags: BroadcastFlags, event: string, args: unknown[]): boolean {
    if (isReservedEvent(event)) throw new SocketError("SOCKET_RESERVED_EVENT", { values: { event } });
    const packet: Packet = { type: PacketType.EVENT, nsp: this.nsp.name, data: [event, ...args] };
    const ack = args.at(-1);
    if (typeof ack === "function") {
      (packet.data as unknown[]).pop();
      packet.id = this.#addAck(ack as AckCallback, flags.timeout);
    }
    this.packet(packet, flags);
    return true;
  }

  /** @internal */
  broadcastWith(flags: BroadcastFlags): BroadcastOperator<EmitEvents, SocketData> {
    return new BroadcastOperator<EmitEvents, SocketData>(this.nsp, new Set(), new Set([this.id]), flags);
  }

  /** The socket has been admitted: from here on it is in its namespace. @internal */
  onConnect(): void {
    this.#state = "connected";
    this.connected = true;
    void this.join(this.id);
    this.client.packet({ type: PacketType.CONNECT, nsp: this.nsp.name, data: { sid: this.id } });
    for (const { packet, flags } of this.#outgoing) this.client.packet(packet, flags);
    this.#outgoing = [];
  }

  /** The listeners of "connection" are in place: what the client sent meanwhile is dispatched. @internal */
  releaseIncoming(): void {
    const packets = this.#incoming;
    this.#incoming = [];
    for (const packet of packets) this.onPacket(packet);
  }

  /** @internal */
  onPacket(packet: Packet): void {
    if (this.#state === "connected" && this.#incoming.length === 0) this.#handle(packet);
    else if (this.#state !== "disconnected") this.#hold(packet);
  }

  /** @internal */
  onError(error: Error): void {
    deliver(this, "error", [error], this.server.logger);
  }

  /** Idempotent. @internal */
  onClose(reason: DisconnectReason, description?: unknown): void {
    if (this.#state === "disconnected") return;
    const wasConnected = this.#state === "connected";
    if (wasConnected) this.#announce("disconnecting", reason, description);
    this.#state = "disconnected";
    this.nsp.adapter.delAll(this.id);
    this.nsp.onSocketGone(this);
    this.client.onSocketGone(this);
    this.connected = false;
    this.#incoming = [];
    this.#outgoing = [];
    this.acks.release();
    if (wasConnected) this.#announce("disconnect", reason, description);
  }

  /** @internal */
  packet(packet: Packet, flags: BroadcastFlags = noFlags): void {
    if (this.#state === "connecting") this.#outgoing.push({ packet, flags });
    else if (this.#state === "connected") this.client.packet(packet, flags);
  }

  #announce(event: "disconnecting" | "disconnect", reason: DisconnectReason, description: unknown): void {
    try {
      this.nsp.dispatch[event]?.(this, reason, description);
    } catch (error) {
      this.server.logger.error(`a ${event} handler threw`, { namespace: this.nsp.name, error });
    }
    deliver(this, event, [reason, description], this.server.logger);
  }

  #hold(packet: Packet): void {
    if (this.nsp.dispatch.connect === undefined || this.#incoming.length >= this.server.limits.maxWaitingEvents) {
      // No genuine client sends before CONNECT is answered; socket.io ends the connection as well.
      this.client.close();
      return;
    }
    this.#incoming.push(packet);
  }

  #handle(packet: Packet): void {
    switch (packet.type) {
      case PacketType.EVENT:
        this.#onEvent(packet.data as unknown[], packet.id);
        break;
      case PacketType.ACK:
        this.#onAck(packet);
        break;
      case PacketType.DISCONNECT:
        this.onClose("client namespace disconnect");
        break;
      default:
        this.client.onBadPacket(new SocketError("SOCKET_BAD_PACKET", { values: { detail: "unexpected packet type" } }));
    }
  }

  #onEvent(data: unknown[], id: number | undefined): void {
    const reply = id === undefined ? undefined : this.#replyTo(id);
    const event = String(data[0]);
    if (this.#middlewares.length === 0) this.#dispatch(event, data.slice(1), reply);
    else this.#runMiddlewares([event, ...data.slice(1)], reply);
  }

  #runMiddlewares(event: Event, reply: AckReply | undefined): void {
    if (reply !== undefined) event.push(reply);
    runChain(this.#middlewares, event, (refused) => {
      if (refused !== undefined) this.onError(refused.error);
      // A middleware may have changed the event, so its parts are taken only now.
      else if (this.connected) this.#dispatch(event[0], event.slice(1, reply && -1), reply);
    });
  }

  #dispatch(event: string, args: unknown[], reply: AckReply | undefined): void {
    const { dispatch } = this.nsp;
    const handler = dispatch.handlerOf(event);
    const isHeard = this.listenerCount(event) > 0;
    if (handler !== undefined) this.#call(handler, event, args, reply);
    if (isHeard) deliver(this, event, reply === undefined ? args : [...args, reply], this.server.logger);
    else if (handler === undefined && dispatch.unhandled !== undefined) {
      this.#call(dispatch.unhandled, event, args, reply);
    }
  }

  #call(handler: EventHandler, event: string, args: unknown[], reply: AckReply | undefined): void {
    try {
      handler(this, args, reply, event);
    } catch (error) {
      this.server.logger.error(`the handler of "${event}" threw`, { namespace: this.nsp.name, error });
    }
  }

  #replyTo(id: number): AckReply {
    let sent = false;
    return (...args) => {
      if (sent) return;
      sent = true;
      this.packet({ type: PacketType.ACK, nsp: this.nsp.name, id, data: args });
    };
  }

  #onAck({ id, data }: Packet): void {
    if (id === undefined) return;
    try {
      this.acks.settle(id, data as unknown[]);
    } catch (error) {
      this.server.logger.error("an acknowledgement callback threw", { namespace: this.nsp.name, error });
    }
  }

  #addAck(ack: AckCallback, timeoutMs: number | undefined): number {
    const id = this.nsp.nextAckId();
    if (this.#state === "disconnected") {
      if (timeoutMs !== undefined) queueMicrotask(() => ack(new AckDisconnectedError()));
    } else if (timeoutMs === undefined) this.acks.set(id, ack);
    else addTimedAck(this.acks, { id, timeoutMs, deadlines: this.nsp.deadlines }, ack);
    return id;
  }
}

const noFlags: BroadcastFlags = {};
