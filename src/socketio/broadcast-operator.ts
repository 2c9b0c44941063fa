import type { Adapter, BroadcastFlags as AdapterFlags } from "socket.io-adapter";
import type { Deadlines, Logger } from "../common/index.js";
import { AckCollector, type AckDecoder } from "./ack-collector.js";
import { AckStream } from "./ack-stream.js";
import { AckTimeoutError, EncodeError, SocketError } from "./errors.js";
import type {
  AllButLast,
  DecorateAcknowledgementsWithTimeoutAndMultipleResponses,
  EventNames,
  EventNamesWithAck,
  EventParams,
  EventsMap,
  FirstNonErrorArg,
  Last,
} from "./event-types.js";
import { isReservedEvent, PacketType, type Packet } from "./packet.js";
import { RemoteSocket, type RemoteSocketDetails } from "./remote-socket.js";
import { toRooms, type Room } from "./room.js";
import type { Socket } from "./socket.js";
import { callListener } from "./typed-emitter.js";

/** Modifiers of an emit; adapters receive and pass them on. */
export interface BroadcastFlags extends AdapterFlags {
  /** The one receiver's answer counts as it is, not as a list (RemoteSocket). */
  expectSingleResponse?: boolean;
}

/** What broadcasts need from their namespace. */
export interface BroadcastContext {
  readonly name: string;
  readonly adapter: Adapter;
  readonly deadlines: Deadlines;
  readonly logger: Logger;
  readonly sockets: ReadonlyMap<string, { readonly acks: Map<number, unknown> }>;
  /** Time to acknowledge where the caller gives none; undefined: no limit. */
  readonly ackTimeoutMs: number | undefined;
}

/** Who receives, and how. */
export interface BroadcastTarget {
  readonly rooms?: ReadonlySet<Room>;
  readonly except?: ReadonlySet<Room>;
  readonly flags?: BroadcastFlags;
  readonly decode?: AckDecoder<unknown>;
}

const none: ReadonlySet<Room> = new Set();
const firstArgument: AckDecoder<unknown> = (value) => value;

/**
 * Emits to many sockets: those in any of `rooms` (all, when empty) except those in `except`. A value: each modifier
 * returns a new operator, so one can be kept and used again.
 */
export class BroadcastOperator<EmitEvents extends EventsMap, SocketData = unknown> {
  readonly #context: BroadcastContext;
  readonly #target: BroadcastTarget;
  /** Carries the type of `socket.data` of the receivers. */
  declare readonly socketData?: SocketData;

  constructor(context: BroadcastContext, target: BroadcastTarget = {}) {
    this.#context = context;
    this.#target = target;
  }

  /** Adds receivers: each socket gets the packet once, however many of the rooms it is in. */
  to(room: Room | Room[]): BroadcastOperator<EmitEvents, SocketData> {
    return this.#with({ rooms: new Set([...(this.#target.rooms ?? none), ...toRooms(room)]) });
  }

  /** The same as `to`. */
  in(room: Room | Room[]): BroadcastOperator<EmitEvents, SocketData> {
    return this.to(room);
  }

  /** Leaves out the sockets in these rooms. */
  except(room: Room | Room[]): BroadcastOperator<EmitEvents, SocketData> {
    return this.#with({ except: new Set([...(this.#target.except ?? none), ...toRooms(room)]) });
  }

  /** Whether the packet may be compressed. */
  compress(compress: boolean): BroadcastOperator<EmitEvents, SocketData> {
    return this.#withFlags({ compress });
  }

  /** Drops the packet for receivers that cannot take it at once. */
  get volatile(): BroadcastOperator<EmitEvents, SocketData> {
    return this.#withFlags({ volatile: true });
  }

  /** Reaches the sockets of this server only. */
  get local(): BroadcastOperator<EmitEvents, SocketData> {
    return this.#withFlags({ local: true });
  }

  /** Time the receivers have to acknowledge, in milliseconds. */
  timeout(
    timeoutMs: number,
  ): BroadcastOperator<DecorateAcknowledgementsWithTimeoutAndMultipleResponses<EmitEvents>, SocketData> {
    return this.#withFlags({ timeout: timeoutMs });
  }

  /**
   * Reads each acknowledgement by `decode` in place of taking its first argument.
   *
   * @param decode - gets the arguments of one acknowledgement; what it throws refuses that answer (AckDecodeError).
   */
  decode(decode: AckDecoder<unknown>): BroadcastOperator<EmitEvents, SocketData> {
    return this.#with({ decode });
  }

  /**
   * Emits. A function as last argument is called once with `(error, responses)`: when everyone has answered or left, or
   * when the timeout is over; `responses` holds the first argument of each answer so far.
   *
   * @throws SocketError `SOCKET_RESERVED_EVENT` or `SOCKET_ENCODE`; nothing is sent then.
   */
  emit<Name extends EventNames<EmitEvents>>(event: Name, ...args: EventParams<EmitEvents, Name>): true {
    const data: unknown[] = [event, ...(args as unknown[])];
    const callback = data.at(-1);
    if (typeof callback === "function") {
      data.pop();
      const collector = this.#emitWithAck(event, data);
      collector.observe({
        onDone: () => {
          this.#report(collector, event, callback);
        },
      });
    } else {
      this.#check(event);
      this.#send(event, () => this.#context.adapter.broadcast({ type: PacketType.EVENT, data }, this.#receivers()));
    }
    return true;
  }

  /**
   * Emits and collects the acknowledgements.
   *
   * @returns awaited: the first argument of each answer, in the order they came, or a rejection with the answers so far
   * in `.responses`; iterated: one result per socket as they come.
   */
  emitWithAck<Name extends EventNamesWithAck<EmitEvents>>(
    event: Name,
    ...args: AllButLast<EventParams<EmitEvents, Name>>
  ): AckStream<FirstNonErrorArg<Last<EventParams<EmitEvents, Name>>>> {
    const collector = this.#emitWithAck(event, [event, ...(args as unknown[])]);
    return new AckStream(collector, () => {
      const responses = responsesOf(collector);
      if (collector.timedOut) throw Object.assign(new AckTimeoutError(), { responses, results: collector.results });
      return this.#target.flags?.expectSingleResponse === true ? responses[0] : responses;
    }) as never;
  }

  /**
   * The receivers, on all servers.
   *
   * @throws when a server of the cluster does not tell in time.
   */
  async fetchSockets(): Promise<RemoteSocket<EmitEvents, SocketData>[]> {
    const sockets = (await this.#context.adapter.fetchSockets(this.#receivers())) as unknown[];
    return sockets.map((socket) =>
      isLocal(socket)
        ? (socket as unknown as RemoteSocket<EmitEvents, SocketData>)
        : this.#describe(socket as RemoteSocketDetails<SocketData>),
    );
  }

  /** Ids of the receivers, on all servers. @deprecated use `fetchSockets` */
  async allSockets(): Promise<Set<string>> {
    return this.#context.adapter.sockets(new Set(this.#target.rooms ?? none));
  }

  /** Lets the sockets join rooms. */
  socketsJoin(room: Room | Room[]): void {
    this.#context.adapter.addSockets(this.#receivers(), toRooms(room));
  }

  /** Lets the sockets leave rooms. */
  socketsLeave(room: Room | Room[]): void {
    this.#context.adapter.delSockets(this.#receivers(), toRooms(room));
  }

  /** Disconnects the sockets; with `close` their connections too. */
  disconnectSockets(close = false): void {
    this.#context.adapter.disconnectSockets(this.#receivers(), close);
  }

  #describe(details: RemoteSocketDetails<SocketData>): RemoteSocket<EmitEvents, SocketData> {
    const target = { rooms: new Set([details.id]), flags: { expectSingleResponse: true } };
    return new RemoteSocket(details, new BroadcastOperator<EmitEvents, SocketData>(this.#context, target));
  }

  #with(change: BroadcastTarget): BroadcastOperator<EmitEvents, SocketData> {
    return new BroadcastOperator(this.#context, { ...this.#target, ...change });
  }

  #withFlags(flags: BroadcastFlags): BroadcastOperator<EmitEvents, SocketData> {
    return this.#with({ flags: { ...this.#target.flags, ...flags } });
  }

  /** All three always present: ClusterAdapter relies on it. */
  #receivers(): { rooms: Set<Room>; except: Set<Room>; flags: BroadcastFlags } {
    const { rooms = none, except = none, flags = {} } = this.#target;
    return { rooms: new Set(rooms), except: new Set(except), flags };
  }

  #check(event: string): void {
    if (isReservedEvent(event)) throw new SocketError("SOCKET_RESERVED_EVENT", { values: { event } });
  }

  #send(event: string, broadcast: () => void): void {
    try {
      broadcast();
    } catch (error) {
      throw new EncodeError(event, error);
    }
  }

  #emitWithAck(event: string, data: unknown[]): AckCollector<unknown> {
    this.#check(event);
    const context = this.#context;
    const receivers = this.#receivers();
    const packet: Packet = { type: PacketType.EVENT, nsp: context.name, data };
    const collector = new AckCollector<unknown>({
      deadlines: context.deadlines,
      timeoutMs: receivers.flags.timeout ?? context.ackTimeoutMs,
      decode: this.#target.decode ?? firstArgument,
      forget: (socketId) => context.sockets.get(socketId)?.acks.delete(packet.id ?? -1),
    });
    // ClusterAdapter sends the timeout to the other servers, and a number it must be.
    const flags = { ...receivers.flags, timeout: receivers.flags.timeout ?? context.ackTimeoutMs ?? LONG_MS };
    this.#send(event, () => {
      context.adapter.broadcastWithAck(
        packet,
        { ...receivers, flags },
        (count) => {
          collector.expectReceivers(count);
        },
        collector.ack,
      );
    });
    void this.#countServers(collector, flags.local === true);
    return collector;
  }

  /** Each server tells how many sockets it has sent to; how many servers there are, the adapter knows. */
  async #countServers(collector: AckCollector<unknown>, isLocal: boolean): Promise<void> {
    // An adapter that cannot tell leaves this server alone.
    collector.expectServers(isLocal ? 1 : await this.#context.adapter.serverCount().catch(() => 1));
  }

  #report(collector: AckCollector<unknown>, event: string, callback: unknown): void {
    const responses = responsesOf(collector);
    const error = collector.timedOut ? new AckTimeoutError() : null;
    const answer = this.#target.flags?.expectSingleResponse === true ? responses[0] : responses;
    callListener(callback, { emitter: this, event, args: [error, answer], logger: this.#context.logger });
  }
}

/** Longer than any server waits for another. */
const LONG_MS = 2 ** 31 - 1;

function responsesOf({ results }: AckCollector<unknown>): unknown[] {
  return results.flatMap((result) => (result.ok ? [result.value] : []));
}

/** Adapters give the sockets of this server as they are; `server` marks them. */
function isLocal(socket: unknown): socket is Socket {
  return Boolean((socket as { server?: unknown }).server);
}
