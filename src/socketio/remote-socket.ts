import type { AckStream } from "./ack-stream.js";
import type { BroadcastOperator } from "./broadcast-operator.js";
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
import type { Handshake } from "./handshake.js";
import type { Room } from "./room.js";

/** What an adapter tells of a socket of another server. */
export interface RemoteSocketDetails<SocketData> {
  readonly id: string;
  readonly handshake: Handshake;
  readonly rooms: Iterable<Room>;
  readonly data: SocketData;
}

/** Emits to one socket that may live on another server, which has a time to acknowledge. */
export interface RemoteEmitter<EmitEvents extends EventsMap> {
  timeout(timeoutMs: number): RemoteEmitter<EmitEvents>;
  emit<Name extends EventNames<EmitEvents>>(
    event: Name,
    ...args: EventParams<DecorateAcknowledgements<EmitEvents>, Name>
  ): boolean;
  emitWithAck<Name extends EventNamesWithAck<EmitEvents>>(
    event: Name,
    ...args: AllButLast<EventParams<EmitEvents, Name>>
  ): AckStream<FirstNonErrorArg<Last<EventParams<EmitEvents, Name>>>>;
}

/** A socket that may live on another server: a snapshot of it, and operations that reach it there. */
export class RemoteSocket<EmitEvents extends EventsMap, SocketData> {
  readonly id: string;
  readonly handshake: Handshake;
  readonly rooms: Set<Room>;
  readonly data: SocketData;
  readonly #operator: BroadcastOperator<EmitEvents, SocketData>;

  /** @param operator - reaches this socket alone. */
  constructor(details: RemoteSocketDetails<SocketData>, operator: BroadcastOperator<EmitEvents, SocketData>) {
    this.id = details.id;
    this.handshake = details.handshake;
    this.rooms = new Set(details.rooms);
    this.data = details.data;
    this.#operator = operator;
  }

  /** Time the client has to acknowledge, in milliseconds; there is one answer, not a list. */
  timeout(timeoutMs: number): RemoteEmitter<EmitEvents> {
    return this.#operator.timeout(timeoutMs) as never;
  }

  emit<Name extends EventNames<EmitEvents>>(
    event: Name,
    ...args: EventParams<DecorateAcknowledgements<EmitEvents>, Name>
  ): boolean {
    return this.#operator.emit(event, ...(args as never));
  }

  join(room: Room | Room[]): void {
    this.#operator.socketsJoin(room);
  }

  leave(room: Room | Room[]): void {
    this.#operator.socketsLeave(room);
  }

  /** Disconnects the socket; with `close` its whole connection. */
  disconnect(close = false): this {
    this.#operator.disconnectSockets(close);
    return this;
  }
}
