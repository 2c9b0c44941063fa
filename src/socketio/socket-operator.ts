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
import type { Room } from "./room.js";

/** The socket behind an operator. */
export interface FlaggedSender<EmitEvents extends EventsMap, SocketData> {
  /** @internal */
  sendWith(flags: BroadcastFlags, event: string, args: unknown[]): boolean;
  /** @internal */
  broadcastWith(flags: BroadcastFlags): BroadcastOperator<EmitEvents, SocketData>;
}

/**
 * Emits to one socket with modifiers. A value: nothing stays on the socket, so `socket.timeout(50)` kept in a variable
 * means the same whatever is emitted in between (socket.io puts the flag on the socket, for the next emit to take).
 */
export class SocketOperator<EmitEvents extends EventsMap, SocketData> {
  readonly #socket: FlaggedSender<EmitEvents, SocketData>;
  readonly #flags: BroadcastFlags;

  constructor(socket: FlaggedSender<EmitEvents, SocketData>, flags: BroadcastFlags) {
    this.#socket = socket;
    this.#flags = flags;
  }

  /** Time the client has to acknowledge, in milliseconds; the acknowledgement gets an error first. */
  timeout(timeoutMs: number): SocketOperator<DecorateAcknowledgements<EmitEvents>, SocketData> {
    return this.#with({ timeout: timeoutMs });
  }

  /** Drops the packet when the client cannot take it at once. */
  get volatile(): SocketOperator<EmitEvents, SocketData> {
    return this.#with({ volatile: true });
  }

  /** Whether the packet may be compressed. */
  compress(compress: boolean): SocketOperator<EmitEvents, SocketData> {
    return this.#with({ compress });
  }

  /** Everyone of the namespace but this socket. */
  get broadcast(): BroadcastOperator<EmitEvents, SocketData> {
    return this.#socket.broadcastWith(this.#flags);
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

  /** Emits to the client. @throws SocketError `SOCKET_RESERVED_EVENT` */
  emit<Name extends EventNames<EmitEvents>>(event: Name, ...args: EventParams<EmitEvents, Name>): boolean {
    return this.#socket.sendWith(this.#flags, event, args);
  }

  /**
   * Emits and waits for the client's acknowledgement.
   *
   * @returns the first argument of the answer.
   * @throws AckTimeoutError after `timeout()`; AckDisconnectedError as soon as the client has gone.
   */
  async emitWithAck<Name extends EventNamesWithAck<EmitEvents>>(
    event: Name,
    ...args: AllButLast<EventParams<EmitEvents, Name>>
  ): Promise<FirstNonErrorArg<Last<EventParams<EmitEvents, Name>>>> {
    return new Promise((resolve, reject) => {
      const settle = (error: Error | null, value?: unknown): void => {
        if (error === null) resolve(value as never);
        else reject(error);
      };
      // Without a timeout the acknowledgement still fails when the client leaves: a promise must settle.
      const flags = { timeout: Infinity, ...this.#flags };
      this.#socket.sendWith(flags, event, [...(args as unknown[]), settle]);
    });
  }

  /** Emits the event "message". */
  send(...args: EventParams<EmitEvents, "message">): this {
    this.#socket.sendWith(this.#flags, "message", args);
    return this;
  }

  /** The same as `send`. */
  write(...args: EventParams<EmitEvents, "message">): this {
    return this.send(...args);
  }

  #with(flags: BroadcastFlags): SocketOperator<EmitEvents, SocketData> {
    return new SocketOperator(this.#socket, { ...this.#flags, ...flags });
  }
}
