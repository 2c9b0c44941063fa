import type { AckStream } from "./ack-stream.js";
import type { BroadcastOperator } from "./broadcast-operator.js";
import type {
  AckResponses,
  AllButLast,
  DecorateAcknowledgementsWithTimeoutAndMultipleResponses,
  EventNames,
  EventNamesWithAck,
  EventParams,
  EventsMap,
  FirstNonErrorArg,
  Last,
} from "./event-types.js";
import type { RemoteSocket } from "./remote-socket.js";
import type { Room } from "./room.js";
import { TypedEmitter } from "./typed-emitter.js";

/** What a server and a namespace have in common: each method begins a broadcast (see BroadcastOperator). */
export abstract class Broadcaster<
  EmitEvents extends EventsMap,
  ServerSideEvents extends EventsMap,
  Own extends EventsMap,
  SocketData,
> extends TypedEmitter<ServerSideEvents, Own> {
  /** A broadcast to everyone. @internal */
  abstract broadcastToAll(): BroadcastOperator<EmitEvents, SocketData>;

  /** Receivers in a room; once each, however many of the rooms they are in. */
  to(room: Room | Room[]): BroadcastOperator<EmitEvents, SocketData> {
    return this.broadcastToAll().to(room);
  }

  /** The same as `to`. */
  in(room: Room | Room[]): BroadcastOperator<EmitEvents, SocketData> {
    return this.broadcastToAll().to(room);
  }

  /** Everyone but the sockets in a room. */
  except(room: Room | Room[]): BroadcastOperator<EmitEvents, SocketData> {
    return this.broadcastToAll().except(room);
  }

  /** Whether the packet may be compressed. */
  compress(compress: boolean): BroadcastOperator<EmitEvents, SocketData> {
    return this.broadcastToAll().compress(compress);
  }

  /** Drops the packet for receivers that cannot take it at once. */
  get volatile(): BroadcastOperator<EmitEvents, SocketData> {
    return this.broadcastToAll().volatile;
  }

  /** Reaches the sockets of this server only. */
  get local(): BroadcastOperator<EmitEvents, SocketData> {
    return this.broadcastToAll().local;
  }

  /** Time the receivers have to acknowledge, in milliseconds. */
  timeout(timeoutMs: number): BroadcastOperator<EmitEvents, SocketData> {
    return this.broadcastToAll().timeout(timeoutMs);
  }

  /** Emits to everyone. @throws SocketError `SOCKET_RESERVED_EVENT` */
  override emit<Name extends EventNames<EmitEvents>>(
    event: Name,
    ...args: EventParams<DecorateAcknowledgementsWithTimeoutAndMultipleResponses<EmitEvents>, Name>
  ): true {
    return this.broadcastToAll().emit(event, ...args);
  }

  /** Emits to everyone and collects all acknowledgements (see BroadcastOperator). */
  emitWithAck<Name extends EventNamesWithAck<EmitEvents>>(
    event: Name,
    ...args: AllButLast<EventParams<EmitEvents, Name>>
  ): AckStream<
    AckResponses<Last<EventParams<EmitEvents, Name>>>,
    FirstNonErrorArg<Last<EventParams<EmitEvents, Name>>>
  > {
    return this.broadcastToAll().emitWithAck(event, ...args);
  }

  /** Emits the event "message" to everyone. */
  send(...args: EventParams<EmitEvents, "message">): this {
    this.emit("message", ...args);
    return this;
  }

  /** The same as `send`. */
  write(...args: EventParams<EmitEvents, "message">): this {
    return this.send(...args);
  }

  /** All sockets, on all servers. */
  async fetchSockets(): Promise<RemoteSocket<EmitEvents, SocketData>[]> {
    return this.broadcastToAll().fetchSockets();
  }

  /** Ids of all sockets, on all servers. @deprecated use `fetchSockets` */
  async allSockets(): Promise<Set<string>> {
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- the same method, deprecated here as well
    return this.broadcastToAll().allSockets();
  }

  /** Lets all sockets join rooms. */
  socketsJoin(room: Room | Room[]): void {
    this.broadcastToAll().socketsJoin(room);
  }

  /** Lets all sockets leave rooms. */
  socketsLeave(room: Room | Room[]): void {
    this.broadcastToAll().socketsLeave(room);
  }

  /** Disconnects all sockets; with `close` their connections too. */
  disconnectSockets(close = false): void {
    this.broadcastToAll().disconnectSockets(close);
  }
}
