import type { Adapter, BroadcastFlags as AdapterFlags } from "socket.io-adapter";
import type { Deadlines, Logger } from "../common/index.js";
import { AckCollector, type AckDecoder } from "./ack-collector.js";
import { AckStream } from "./ack-stream.js";
import { logLateFailure } from "./adapter/late-failure.js";
import { AckTimeoutError, EncodeError, SendError, SocketError } from "./errors.js";
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
import type { AckReply, Dispatch } from "./dispatch.js";
import { isReservedEvent, PacketType, type Packet } from "./packet.js";
import type { PacketEncoder } from "./parser/reader.js";
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
  readonly encoder: PacketEncoder;
  readonly deadlines: Deadlines;
  readonly logger: Logger;
  /** Time to acknowledge where the caller gives none; undefined: as long as somebody may answer. */
  readonly ackTimeoutMs: number | undefined;
  /** Whether no other server can have sockets of it. */
  readonly isAlone: boolean;
  readonly dispatch: Dispatch;
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
  timeout(timeoutMs: number): BroadcastOperator<EmitEvents, SocketData> {
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
   * Emits. Receivers that are too far behind are left out. A function as last argument is called once with `(error, responses)`: when everyone has answered or left, or
   * when the timeout is over; `responses` holds the first argument of each answer so far.
   *
   * @throws SocketError `SOCKET_RESERVED_EVENT` or `SOCKET_ENCODE`; nothing is sent then.
   */
  emit<Name extends EventNames<EmitEvents>>(
    event: Name,
    ...args: EventParams<DecorateAcknowledgementsWithTimeoutAndMultipleResponses<EmitEvents>, Name>
  ): true {
    const data: unknown[] = [event, ...(args as unknown[])];
    const callback = data.at(-1);
    if (typeof callback === "function") {
      data.pop();
      const collector = this.#createCollector(event, data);
      this.#ask(collector, event, data);
      if (collector.failure !== undefined) throw collector.failure;
      const listener = this.#context.dispatch.surroundings?.bind(callback as AckReply) ?? callback;
      collector.observe({
        onDone: () => {
          this.#report(collector, event, listener);
        },
      });
    } else {
      this.#check(event);
      const { adapter, name } = this.#context;
      const packet = { type: PacketType.EVENT, nsp: name, data };
      this.#send(packet, () => adapter.broadcast(packet, this.#receivers()));
    }
    return true;
  }

  /**
   * Emits and collects the acknowledgements. Without `timeout()` and `ackTimeout` it waits as long as somebody may answer;
   * a minute, when other servers have a part in it.
   *
   * @returns awaited: the first argument of each answer, in the order they came, or a rejection: AckTimeoutError with the
   * answers so far in `.responses` and the results in `.results`, EncodeError, SocketError `SOCKET_RESERVED_EVENT`.
   * Iterated: one result per socket as they come, of one that was too far behind to be asked a SendError.
   */
  emitWithAck<Name extends EventNamesWithAck<EmitEvents>>(
    event: Name,
    ...args: AllButLast<EventParams<EmitEvents, Name>>
  ): AckStream<
    AckResponses<Last<EventParams<EmitEvents, Name>>>,
    FirstNonErrorArg<Last<EventParams<EmitEvents, Name>>>
  > {
    const data = [event, ...(args as unknown[])];
    const collector = this.#createCollector(event, data);
    this.#ask(collector, event, data);
    return new AckStream(collector, () => this.#summarise(collector)) as never;
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
    const { adapter, logger } = this.#context;
    logLateFailure(() => adapter.addSockets(this.#receivers(), toRooms(room)), logger);
  }

  /** Lets the sockets leave rooms. */
  socketsLeave(room: Room | Room[]): void {
    const { adapter, logger } = this.#context;
    logLateFailure(() => adapter.delSockets(this.#receivers(), toRooms(room)), logger);
  }

  /** Disconnects the sockets; with `close` their connections too. */
  disconnectSockets(close = false): void {
    const { adapter, logger } = this.#context;
    logLateFailure(() => adapter.disconnectSockets(this.#receivers(), close), logger);
  }

  #describe(details: RemoteSocketDetails<SocketData>): RemoteSocket<EmitEvents, SocketData> {
    const target = { rooms: new Set([details.id]), flags: { expectSingleResponse: true } };
    return new RemoteSocket(details, new BroadcastOperator<EmitEvents, SocketData>(this.#context, target));
  }

  #with(change: BroadcastTarget): BroadcastOperator<EmitEvents, SocketData> {
    const { rooms, except, flags, decode } = this.#target;
    return new BroadcastOperator(this.#context, { rooms, except, flags, decode, ...change });
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

  #send(packet: Packet, broadcast: () => unknown): void {
    const { encoder, isAlone, logger } = this.#context;
    try {
      // Before the other servers have it: there it would throw where nobody catches. Encoders may change the packet.
      if (!isAlone) encoder.encode({ ...packet });
      logLateFailure(broadcast, logger);
    } catch (error) {
      const [event, ...args] = packet.data as [string, ...unknown[]];
      throw new EncodeError(event, error, args);
    }
  }

  #createCollector(event: string, data: unknown[]): AckCollector<unknown> {
    const { deadlines, isAlone, ackTimeoutMs } = this.#context;
    const { timeout, local } = this.#target.flags ?? {};
    const fallbackMs = local === true || isAlone ? undefined : REMOTE_TIMEOUT_MS;
    return new AckCollector<unknown>({
      deadlines,
      timeoutMs: timeout ?? ackTimeoutMs ?? fallbackMs,
      decode: this.#target.decode ?? firstArgument,
      describeDrop: () => new SendError("SOCKET_BUFFER_FULL", event, data.slice(1)),
    });
  }

  /** A failure to ask is the collector's. */
  #ask(collector: AckCollector<unknown>, event: string, data: unknown[]): void {
    const { adapter, name, ackTimeoutMs } = this.#context;
    const receivers = this.#receivers();
    // ClusterAdapter waits for the other servers as long as the flag says, and a number it must be.
    const flags = { ...receivers.flags, timeout: receivers.flags.timeout ?? ackTimeoutMs ?? REMOTE_TIMEOUT_MS };
    const packet: Packet = { type: PacketType.EVENT, nsp: name, data };
    const onCount = (count: number): void => {
      collector.expectReceivers(count);
    };
    try {
      this.#check(event);
      this.#send(packet, () => adapter.broadcastWithAck(packet, { ...receivers, flags }, onCount, collector.ack));
      void this.#countServers(collector, flags.local === true);
    } catch (error) {
      collector.fail(error as Error);
    }
  }

  /** Each server tells how many sockets it has sent to; how many servers there are, the adapter knows. */
  async #countServers(collector: AckCollector<unknown>, isLocal: boolean): Promise<void> {
    let count = 1;
    try {
      if (!isLocal) count = await this.#context.adapter.serverCount();
    } catch (error) {
      this.#context.logger.warn("an adapter does not know how many servers there are: one is taken", { error });
    }
    collector.expectServers(count);
  }

  /** What awaiting comes to. */
  #summarise(collector: AckCollector<unknown>): unknown {
    if (collector.failure !== undefined) throw collector.failure;
    if (collector.timedOut) throw timeoutOf(collector);
    return this.#answerOf(collector);
  }

  /** The responses; of a single socket its response, undefined when there is no such socket, null when it took too long. */
  #answerOf(collector: AckCollector<unknown>): unknown {
    const responses = responsesOf(collector);
    if (this.#target.flags?.expectSingleResponse !== true) return responses;
    return collector.timedOut ? null : responses[0];
  }

  #report(collector: AckCollector<unknown>, event: string, callback: unknown): void {
    const error = collector.timedOut ? timeoutOf(collector) : null;
    const answer = this.#answerOf(collector);
    callListener(callback, { emitter: this, event, args: [error, answer], logger: this.#context.logger });
  }
}

/**
 * How long the answers of other servers' sockets are waited for where nobody says: those servers do not tell when a
 * socket leaves.
 */
export const REMOTE_TIMEOUT_MS = 60_000;

function timeoutOf(collector: AckCollector<unknown>): AckTimeoutError {
  return Object.assign(new AckTimeoutError(), { responses: responsesOf(collector), results: collector.results });
}

function responsesOf({ results }: AckCollector<unknown>): unknown[] {
  return results.flatMap((result) => (result.ok ? [result.value] : []));
}

/** Adapters give the sockets of this server as they are; `server` marks them. */
function isLocal(socket: unknown): socket is Socket {
  return Boolean((socket as { server?: unknown }).server);
}
