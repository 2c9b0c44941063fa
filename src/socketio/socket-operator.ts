import type { AckCollector, AckDecoder } from "./ack-collector.js";
import { AckStream } from "./ack-stream.js";
import type { BroadcastFlags, BroadcastOperator } from "./broadcast-operator.js";
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
import { AckDisconnectedError } from "./errors.js";
import type { Room } from "./room.js";

/** How one emit to one socket is sent. */
export interface SendModifiers {
  readonly flags: BroadcastFlags;
  readonly decode?: AckDecoder<unknown> | undefined;
}

/** The socket behind an operator. */
export interface ModifiedSender<EmitEvents extends EventsMap, SocketData> {
  /** @internal */
  sendWith(flags: BroadcastFlags, event: string, args: unknown[]): boolean;
  /** @internal */
  askWith(modifiers: SendModifiers, event: string, args: unknown[]): AckCollector<unknown>;
  /** @internal */
  broadcastWith(flags: BroadcastFlags): BroadcastOperator<EmitEvents, SocketData>;
}

/**
 * Emits to one socket with modifiers. A value: nothing stays on the socket, so `socket.timeout(50)` kept in a variable
 * means the same whatever is emitted in between (socket.io puts the flag on the socket, for the next emit to take).
 */
export class SocketOperator<EmitEvents extends EventsMap, SocketData> {
  readonly #socket: ModifiedSender<EmitEvents, SocketData>;
  readonly #modifiers: SendModifiers;

  constructor(socket: ModifiedSender<EmitEvents, SocketData>, modifiers: SendModifiers) {
    this.#socket = socket;
    this.#modifiers = modifiers;
  }

  /** Time the client has to acknowledge, in milliseconds; the acknowledgement gets an error first. */
  timeout(timeoutMs: number): SocketOperator<DecorateAcknowledgements<EmitEvents>, SocketData> {
    return this.#withFlags({ timeout: timeoutMs });
  }

  /** Drops the packet when the client cannot take it at once. */
  get volatile(): SocketOperator<EmitEvents, SocketData> {
    return this.#withFlags({ volatile: true });
  }

  /** Whether the packet may be compressed. */
  compress(compress: boolean): SocketOperator<EmitEvents, SocketData> {
    return this.#withFlags({ compress });
  }

  /**
   * Reads the acknowledgement by `decode` in place of taking its first argument.
   *
   * @param decode - gets the arguments of the acknowledgement; what it throws refuses the answer (AckDecodeError).
   */
  decode(decode: AckDecoder<unknown>): SocketOperator<EmitEvents, SocketData> {
    return new SocketOperator(this.#socket, { ...this.#modifiers, decode });
  }

  /** Everyone of the namespace but this socket. */
  get broadcast(): BroadcastOperator<EmitEvents, SocketData> {
    return this.#socket.broadcastWith(this.#modifiers.flags);
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

  /**
   * Emits to the client.
   *
   * @returns whether it was sent or queued; false when the socket is closed.
   * @throws SocketError `SOCKET_RESERVED_EVENT`, EncodeError, SendError `SOCKET_BUFFER_FULL`
   */
  emit<Name extends EventNames<EmitEvents>>(event: Name, ...args: EventParams<EmitEvents, Name>): boolean {
    return this.#socket.sendWith(this.#modifiers.flags, event, args);
  }

  /**
   * Emits and waits for the client's acknowledgement.
   *
   * @returns awaited: the first argument of the answer.
   * @throws (by rejection) AckTimeoutError after `timeout()`, AckDisconnectedError as soon as the client has gone,
   * SendError when it had gone before.
   */
  emitWithAck<Name extends EventNamesWithAck<EmitEvents>>(
    event: Name,
    ...args: AllButLast<EventParams<EmitEvents, Name>>
  ): AckStream<FirstNonErrorArg<Last<EventParams<EmitEvents, Name>>>> {
    const collector = this.#socket.askWith(this.#modifiers, event, args);
    return new AckStream(collector, onlyAnswer) as never;
  }

  /** Emits the event "message". */
  send(...args: EventParams<EmitEvents, "message">): this {
    this.#socket.sendWith(this.#modifiers.flags, "message", args);
    return this;
  }

  /** The same as `send`. */
  write(...args: EventParams<EmitEvents, "message">): this {
    return this.send(...args);
  }

  #withFlags(flags: BroadcastFlags): SocketOperator<EmitEvents, SocketData> {
    return new SocketOperator(this.#socket, { ...this.#modifiers, flags: { ...this.#modifiers.flags, ...flags } });
  }
}

function onlyAnswer({ results: [result] }: AckCollector<unknown>): unknown {
  if (result?.ok === true) return result.value;
  throw result?.error ?? new AckDisconnectedError();
}
