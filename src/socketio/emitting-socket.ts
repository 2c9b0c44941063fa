import type { AckCollector } from "./ack-collector.js";
import type { AckStream } from "./ack-stream.js";
import type { BroadcastFlags, BroadcastOperator } from "./broadcast-operator.js";
import { CatchAll, type CatchAllListener } from "./catch-all.js";
import type {
  AllButLast,
  DecorateAcknowledgements,
  EventNames,
  EventNamesWithAck,
  EventParams,
  EventsMap,
  FirstNonErrorArg,
  Last,
} from "./event-types.js";
import { ReceivingSocket } from "./receiving-socket.js";
import type { Room } from "./room.js";
import { SocketOperator, type ModifiedSender, type SendModifiers } from "./socket-operator.js";

/** The emitting half of a socket: each method begins an emit to its client or a broadcast to the others. */
export abstract class EmittingSocket<
  ListenEvents extends EventsMap,
  EmitEvents extends EventsMap,
  Own extends EventsMap,
  SocketData,
>
  extends ReceivingSocket<ListenEvents, Own>
  implements ModifiedSender<EmitEvents, SocketData>
{
  #outgoingAny: CatchAll | undefined;

  /** @internal */
  abstract sendWith(flags: BroadcastFlags, event: string, args: unknown[]): boolean;

  /** @internal */
  abstract askWith(modifiers: SendModifiers, event: string, args: unknown[]): AckCollector<unknown>;

  /** @internal */
  abstract broadcastWith(flags: BroadcastFlags): BroadcastOperator<EmitEvents, SocketData>;

  /**
   * Emits to the client. A function as last argument takes the client's acknowledgement; without `timeout()` it is
   * never called when the client leaves.
   *
   * @returns whether it was sent or queued; false when the socket is closed.
   * @throws SocketError `SOCKET_RESERVED_EVENT`, EncodeError, SendError `SOCKET_BUFFER_FULL`
   */
  override emit<Name extends EventNames<EmitEvents>>(event: Name, ...args: EventParams<EmitEvents, Name>): boolean {
    return this.sendWith(noFlags, event, args);
  }

  /** Emits and waits for the client's acknowledgement (see SocketOperator). */
  emitWithAck<Name extends EventNamesWithAck<EmitEvents>>(
    event: Name,
    ...args: AllButLast<EventParams<EmitEvents, Name>>
  ): AckStream<FirstNonErrorArg<Last<EventParams<EmitEvents, Name>>>> {
    return this.#operator().emitWithAck(event, ...args);
  }

  /** Emits the event "message". */
  send(...args: EventParams<EmitEvents, "message">): this {
    this.sendWith(noFlags, "message", args);
    return this;
  }

  /** The same as `send`. */
  write(...args: EventParams<EmitEvents, "message">): this {
    return this.send(...args);
  }

  /** Time the client has to acknowledge, in milliseconds; the acknowledgement gets an error first. */
  timeout(timeoutMs: number): SocketOperator<DecorateAcknowledgements<EmitEvents>, SocketData> {
    return this.#operator().timeout(timeoutMs);
  }

  /** Drops the packet when the client cannot take it at once. */
  get volatile(): SocketOperator<EmitEvents, SocketData> {
    return this.#operator().volatile;
  }

  /** Whether the packet may be compressed. */
  compress(compress: boolean): SocketOperator<EmitEvents, SocketData> {
    return this.#operator().compress(compress);
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

  /** Adds a listener of every outgoing event, those of broadcasts among them. */
  onAnyOutgoing(listener: CatchAllListener): this {
    (this.#outgoingAny ??= new CatchAll()).append(listener);
    return this;
  }

  /** The same, in front of those already there. */
  prependAnyOutgoing(listener: CatchAllListener): this {
    (this.#outgoingAny ??= new CatchAll()).prepend(listener);
    return this;
  }

  /** Removes a listener added by `onAnyOutgoing`, or all of them. */
  offAnyOutgoing(listener?: CatchAllListener): this {
    this.#outgoingAny?.remove(listener);
    return this;
  }

  /** The listeners themselves, as a list that may be changed. */
  listenersAnyOutgoing(): CatchAllListener[] {
    return (this.#outgoingAny ??= new CatchAll()).list();
  }

  /** @internal */
  protected get outgoingAny(): CatchAll | undefined {
    return this.#outgoingAny;
  }

  #operator(): SocketOperator<EmitEvents, SocketData> {
    return new SocketOperator<EmitEvents, SocketData>(this, plain);
  }
}

const noFlags: BroadcastFlags = {};
const plain: SendModifiers = { flags: noFlags };
